-- A statement names the style in which it was read, or the message of the bank that it is; a style
-- keeps its code, which is that of no message.

CREATE OR REPLACE FUNCTION name_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.profile NOT IN ('mt940', 'camt053')
    AND NOT EXISTS (SELECT FROM statement_profiles WHERE code = NEW.profile) THEN
        RAISE EXCEPTION 'a statement names the style in which it was read'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_statement_profiles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.code IN ('mt940', 'camt053') THEN
            RAISE EXCEPTION 'a style has the code of no message' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP <> 'UPDATE' OR NEW.code <> OLD.code THEN
        RAISE EXCEPTION 'statement_profiles keep their codes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER statements_name_profile BEFORE INSERT ON statements
FOR EACH ROW EXECUTE FUNCTION name_profile();

CREATE TRIGGER statement_profiles_kept_update BEFORE INSERT OR UPDATE ON statement_profiles
FOR EACH ROW EXECUTE FUNCTION keep_statement_profiles();

CREATE TRIGGER statement_profiles_no_delete BEFORE DELETE ON statement_profiles
FOR EACH ROW EXECUTE FUNCTION keep_statement_profiles();

CREATE TRIGGER statement_profiles_no_truncate BEFORE TRUNCATE ON statement_profiles
FOR EACH STATEMENT EXECUTE FUNCTION keep_statement_profiles();
