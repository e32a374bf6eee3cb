-- The e-mail address of an account stays: a reset by mail is one administrator's act because its link
-- goes to the owner's mailbox and to no other. Somebody with another address gets another account.

CREATE TRIGGER users_address_kept BEFORE UPDATE ON users
WHEN (NEW.id, NEW.public_id, NEW.email) IS NOT (OLD.id, OLD.public_id, OLD.email)
BEGIN SELECT RAISE(ABORT, 'the e-mail address of an account stays'); END;
