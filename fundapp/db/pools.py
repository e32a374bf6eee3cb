"""The pool of connections, and those that lie ready with what SQLAlchemy puts around them.

Taking a connection from the pool and giving it back costs as much as a small statement. So the
connection that a context held stays taken out when its context ends, for the next one.
"""

from collections import deque
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool

#: Connections that lie ready at most; further ones go back into the pool.
MOST_READY = 4


class Pool(QueuePool):
    """A pool with connections that lie ready, each outside of any transaction."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._ready = deque[Connection]()
        #: Grows whenever the pool gives up the connections that it has made so far.
        self.generation = 0

    def take(self, engine: Engine) -> Connection:
        """A connection, one that lies ready if there is one."""
        while self._ready:
            try:
                connection = self._ready.pop()
            except IndexError:  # another thread was quicker
                break
            dialect: Any = engine.dialect
            if not dialect.is_usable(connection.connection.driver_connection):
                connection.invalidate()
            elif connection.engine is engine:
                return connection
            connection.close()
        return engine.connect()

    def give_back(self, connection: Connection, generation: int) -> None:
        """Let a connection, taken at ``generation``, lie ready if it can; else close it."""
        is_whole = not (connection.closed or connection.invalidated)
        if is_whole and generation != self.generation:
            connection.invalidate()  # nobody would take it from the pool it came from
            is_whole = False
        can_stay = is_whole and len(self._ready) < MOST_READY
        if can_stay and connection.in_transaction():
            connection.rollback()
        dialect: Any = connection.dialect
        if can_stay and dialect.is_idle(connection.connection.driver_connection):
            self._ready.append(connection)
        else:
            connection.close()

    def checkedin(self) -> int:
        """How many connections nobody uses."""
        return super().checkedin() + len(self._ready)

    def checkedout(self) -> int:
        """How many connections somebody uses."""
        return super().checkedout() - len(self._ready)

    def dispose(self) -> None:
        """Close every connection that nobody uses."""
        self._close_ready()
        super().dispose()

    def _invalidate(self, *args: Any, **options: Any) -> None:
        # Called when a connection was lost: the older ones are replaced too.
        super()._invalidate(*args, **options)
        self._close_ready()

    def _close_ready(self) -> None:
        self.generation += 1
        while self._ready:
            self._ready.pop().close()
