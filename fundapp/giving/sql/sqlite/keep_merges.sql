-- A merged donor has no account of its own, nothing is merged into it, and a merge is never turned to
-- another donor: so a merge is one step, and is undone in one.

CREATE TRIGGER donor_merges_in_one_step BEFORE INSERT ON donor_merges
WHEN EXISTS (SELECT 1 FROM donors WHERE id = NEW.donor_id AND user_id IS NOT NULL)
OR EXISTS (SELECT 1 FROM donor_merges WHERE donor_id IN (NEW.donor_id, NEW.into_id))
OR EXISTS (SELECT 1 FROM donor_merges WHERE into_id = NEW.donor_id)
BEGIN SELECT RAISE(ABORT, 'a donor is merged in one step'); END;

CREATE TRIGGER donor_merges_stay BEFORE UPDATE ON donor_merges
BEGIN SELECT RAISE(ABORT, 'a merge is made or undone, never changed'); END;

CREATE TRIGGER donors_merged_without_account BEFORE UPDATE ON donors
WHEN NEW.user_id IS NOT NULL AND EXISTS (SELECT 1 FROM donor_merges WHERE donor_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a merged donor has no account of its own'); END;
