-- The e-mail address of an account stays: a reset by mail is one administrator's act because its link
-- goes to the owner's mailbox and to no other. Somebody with another address gets another account.

CREATE OR REPLACE FUNCTION keep_user_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.public_id, NEW.email) IS DISTINCT FROM (OLD.id, OLD.public_id, OLD.email) THEN
        RAISE EXCEPTION 'the e-mail address of an account stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER users_address_kept BEFORE UPDATE ON users
FOR EACH ROW EXECUTE FUNCTION keep_user_address();
