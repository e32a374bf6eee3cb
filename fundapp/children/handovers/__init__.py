"""Which case manager is responsible for a child, and handing children over to another one."""
