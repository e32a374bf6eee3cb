-- A merged donor has no account of its own, nothing is merged into it, and a merge is never turned to
-- another donor: so a merge is one step, and is undone in one.
--
-- It holds the rows of both donors, so that of two merges at once the second sees the first.

CREATE OR REPLACE FUNCTION refuse_merge_in_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM donors WHERE id IN (NEW.donor_id, NEW.into_id) ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM donors WHERE id = NEW.donor_id AND user_id IS NOT NULL)
    OR EXISTS (SELECT 1 FROM donor_merges WHERE donor_id IN (NEW.donor_id, NEW.into_id))
    OR EXISTS (SELECT 1 FROM donor_merges WHERE into_id = NEW.donor_id) THEN
        RAISE EXCEPTION 'a donor is merged in one step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION refuse_other_merge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a merge is made or undone, never changed' USING ERRCODE = 'check_violation';
END $$;

CREATE OR REPLACE FUNCTION refuse_account_of_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.user_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM donor_merges WHERE donor_id = NEW.id) THEN
        RAISE EXCEPTION 'a merged donor has no account of its own'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER donor_merges_in_one_step BEFORE INSERT ON donor_merges
FOR EACH ROW EXECUTE FUNCTION refuse_merge_in_steps();

CREATE TRIGGER donor_merges_stay BEFORE UPDATE ON donor_merges
FOR EACH ROW EXECUTE FUNCTION refuse_other_merge();

CREATE TRIGGER donors_merged_without_account BEFORE UPDATE OF user_id ON donors
FOR EACH ROW EXECUTE FUNCTION refuse_account_of_merged();
