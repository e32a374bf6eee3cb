-- On paper an invitation is used with two sheets, which two administrators printed: whoever printed
-- one cannot use it alone. A command prints one sheet while there are no two administrators. That
-- two people printed them is the CHECK second_sheet.

CREATE OR REPLACE FUNCTION need_two_sheets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.used_at IS NOT NULL AND NEW.delivery = 'paper' AND NEW.made_by <> 'command-line'
    AND NEW.second_sha256 IS NULL THEN
        RAISE EXCEPTION 'on paper an invitation needs two sheets' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER invitations_need_two_sheets BEFORE UPDATE ON invitations
FOR EACH ROW EXECUTE FUNCTION need_two_sheets();

CREATE OR REPLACE FUNCTION begin_unused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.used_at IS NOT NULL OR NEW.second_sha256 IS NOT NULL THEN
        RAISE EXCEPTION 'an invitation begins unused, with one sheet'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER invitations_begin_unused BEFORE INSERT ON invitations
FOR EACH ROW EXECUTE FUNCTION begin_unused();
