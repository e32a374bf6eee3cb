-- What a grant says is frozen when it starts, and adds up; grants of one fund do not run at the same
-- time, so that each help belongs to one budget line at most. PostgreSQL.
--
-- A draft is changed freely. It starts with budget lines and instalments that add up to its total,
-- each line of a fiscal year that its days touch. Afterwards only its state changes: a condition is
-- met once, a report is sent, returned and accepted; what was sent stays. Its last day and the
-- amounts of its lines change only as its newest amendment says (keep_amendments.sql).

CREATE OR REPLACE FUNCTION keep_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'a grant begins as a draft' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND OLD.status || ' ' || NEW.status NOT IN (
        'draft running', 'draft withdrawn', 'running completed', 'running ended'
    ) THEN
        RAISE EXCEPTION 'a grant does not go from this state to that'
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status <> 'draft' AND
        (NEW.donor_id, NEW.fund_code, NEW.number, NEW.title, NEW.signed_on, NEW.starts_on, NEW.total_satang, NEW.document_id, NEW.proposal_id, NEW.created_by, NEW.created_at)
        IS DISTINCT FROM
        (OLD.donor_id, OLD.fund_code, OLD.number, OLD.title, OLD.signed_on, OLD.starts_on, OLD.total_satang, OLD.document_id, OLD.proposal_id, OLD.created_by, OLD.created_at)
    THEN
        RAISE EXCEPTION 'a grant that started stays as agreed' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status <> 'draft' AND NEW.ends_on <> OLD.ends_on THEN
        IF NOT EXISTS (
            SELECT FROM grant_amendments
            WHERE grant_id = NEW.id AND ends_before = OLD.ends_on AND ends_after = NEW.ends_on
                AND number = (SELECT max(number) FROM grant_amendments WHERE grant_id = NEW.id)
        ) THEN
            RAISE EXCEPTION 'a grant that started stays as agreed' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM FROM funds WHERE code = NEW.fund_code FOR NO KEY UPDATE;
        IF NEW.ends_on > OLD.ends_on AND EXISTS (
            SELECT FROM grants WHERE id <> NEW.id AND fund_code = NEW.fund_code
                AND status IN ('running', 'completed', 'ended')
                AND starts_on <= NEW.ends_on AND coalesce(ended_on, ends_on) >= NEW.starts_on
        ) THEN
            RAISE EXCEPTION 'another grant of this fund runs on these days'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF (OLD.ended_on IS NOT NULL AND NEW.ended_on IS DISTINCT FROM OLD.ended_on)
        OR (NEW.ended_on IS NOT NULL AND NEW.ended_on > NEW.ends_on)
    THEN
        RAISE EXCEPTION 'a grant ends once, within its days' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status = 'draft' AND NEW.status = 'running' THEN
        -- Two grants of one fund that start at once wait for each other.
        PERFORM FROM funds WHERE code = NEW.fund_code FOR NO KEY UPDATE;
        IF NEW.total_satang <> (
                SELECT coalesce(sum(amount_satang), 0) FROM grant_lines WHERE grant_id = NEW.id
            )
            OR NEW.total_satang <> (
                SELECT coalesce(sum(amount_satang), 0) FROM grant_instalments
                WHERE grant_id = NEW.id AND pledge_id IS NOT NULL
            )
            OR EXISTS (SELECT FROM grant_instalments WHERE grant_id = NEW.id AND pledge_id IS NULL)
        THEN
            RAISE EXCEPTION 'budget lines and instalments of a grant add up to its total'
                USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT FROM grant_lines WHERE grant_id = NEW.id AND (
                make_date(fiscal_year::int - 543, 9, 30) < NEW.starts_on
                OR make_date(fiscal_year::int - 544, 10, 1) > NEW.ends_on
            )
        ) THEN
            RAISE EXCEPTION 'a budget line is of a fiscal year of its grant'
                USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT FROM grants WHERE id <> NEW.id AND fund_code = NEW.fund_code
                AND status IN ('running', 'completed', 'ended')
                AND starts_on <= NEW.ends_on AND coalesce(ended_on, ends_on) >= NEW.starts_on
        ) THEN
            RAISE EXCEPTION 'another grant of this fund runs on these days'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER grants_kept BEFORE INSERT OR UPDATE ON grants
FOR EACH ROW EXECUTE FUNCTION keep_grants();

CREATE TRIGGER grants_no_delete BEFORE DELETE ON grants
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grants_no_truncate BEFORE TRUNCATE ON grants
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION keep_grant_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line record;
BEGIN
    FOR line IN
        SELECT
            l.id, l.amount_satang, l.account_code, g.fund_code,
            greatest(g.starts_on, make_date(l.fiscal_year::int - 544, 10, 1)) AS from_on,
            least(g.ends_on, make_date(l.fiscal_year::int - 543, 9, 30)) AS to_on
        FROM grants g JOIN grant_lines l ON l.grant_id = g.id
        WHERE g.status = 'running' AND l.rule = 'refuse'
            AND NEW.entry_on BETWEEN g.starts_on AND g.ends_on
            AND NEW.entry_on BETWEEN make_date(l.fiscal_year::int - 544, 10, 1)
                AND make_date(l.fiscal_year::int - 543, 9, 30)
            AND EXISTS (
                SELECT FROM postings p WHERE p.entry_id = NEW.id
                    AND p.fund_code = g.fund_code AND p.debit_account_code = l.account_code
            )
    LOOP
        -- Two approvals that are charged to one line wait for each other, and the later one sees
        -- the postings of the earlier.
        PERFORM FROM grant_lines WHERE id = line.id FOR UPDATE;
        IF line.amount_satang < (
            SELECT coalesce(sum(amount_satang), 0) FROM postings
            WHERE debit_account_code = line.account_code AND fund_code = line.fund_code
                AND entry_on BETWEEN line.from_on AND line.to_on
        ) - (
            SELECT coalesce(sum(amount_satang), 0) FROM postings
            WHERE credit_account_code = line.account_code AND fund_code = line.fund_code
                AND entry_on BETWEEN line.from_on AND line.to_on
        ) THEN
            RAISE EXCEPTION 'ledger: the budget line has less left'
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER journal_entries_grant_lines AFTER INSERT ON journal_entries
FOR EACH ROW WHEN (new.kind = 'assistance_approved'::text) EXECUTE FUNCTION keep_grant_lines();

CREATE OR REPLACE FUNCTION keep_grant_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.grant_id ELSE NEW.grant_id END;
    moved boolean := TG_OP = 'UPDATE' AND NEW.grant_id <> OLD.grant_id;
BEGIN
    IF moved OR (SELECT status FROM grants WHERE id = named) IS DISTINCT FROM 'draft' THEN
        RAISE EXCEPTION 'a grant that started stays as agreed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION keep_agreed_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.grant_id ELSE NEW.grant_id END;
    before_that bigint := CASE WHEN TG_OP = 'UPDATE' THEN OLD.amount_satang ELSE 0 END;
    moved boolean := TG_OP = 'UPDATE' AND NEW.grant_id <> OLD.grant_id;
BEGIN
    IF NOT moved AND (SELECT status FROM grants WHERE id = named) = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF moved OR TG_OP = 'DELETE' OR (
        TG_OP = 'UPDATE' AND (NEW.id, NEW.fiscal_year, NEW.account_code, NEW.rule)
            IS DISTINCT FROM (OLD.id, OLD.fiscal_year, OLD.account_code, OLD.rule)
    ) OR NOT EXISTS (
        SELECT FROM grant_amendment_lines
        WHERE grant_id = named AND fiscal_year = NEW.fiscal_year
            AND account_code = NEW.account_code AND before_satang = before_that
            AND after_satang = NEW.amount_satang
            AND number = (SELECT max(number) FROM grant_amendments WHERE grant_id = named)
    ) THEN
        RAISE EXCEPTION 'a grant that started stays as agreed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER grant_lines_kept BEFORE INSERT OR DELETE OR UPDATE ON grant_lines
FOR EACH ROW EXECUTE FUNCTION keep_agreed_lines();

CREATE TRIGGER grant_instalments_kept BEFORE INSERT OR DELETE OR UPDATE ON grant_instalments
FOR EACH ROW EXECUTE FUNCTION keep_grant_parts();

CREATE TRIGGER grant_conditions_kept BEFORE INSERT OR DELETE ON grant_conditions
FOR EACH ROW EXECUTE FUNCTION keep_grant_parts();

CREATE TRIGGER grant_reports_kept BEFORE INSERT OR DELETE ON grant_reports
FOR EACH ROW EXECUTE FUNCTION keep_grant_parts();

CREATE OR REPLACE FUNCTION keep_grant_conditions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM grants WHERE id = OLD.grant_id) IS DISTINCT FROM 'running'
        OR (NEW.id, NEW.public_id, NEW.grant_id, NEW.due_on, NEW.text) IS DISTINCT FROM
        (OLD.id, OLD.public_id, OLD.grant_id, OLD.due_on, OLD.text)
        OR OLD.met_on IS NOT NULL
    THEN
        RAISE EXCEPTION 'a grant that started stays as agreed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER grant_conditions_update BEFORE UPDATE ON grant_conditions
FOR EACH ROW EXECUTE FUNCTION keep_grant_conditions();

CREATE OR REPLACE FUNCTION keep_grant_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM grants WHERE id = OLD.grant_id) IS DISTINCT FROM 'running'
        OR (NEW.id, NEW.public_id, NEW.grant_id, NEW.from_on, NEW.to_on, NEW.due_on) IS DISTINCT FROM
        (OLD.id, OLD.public_id, OLD.grant_id, OLD.from_on, OLD.to_on, OLD.due_on)
        OR OLD.status = 'accepted' OR NEW.sendings NOT IN (OLD.sendings, OLD.sendings + 1)
        OR (NEW.status = 'sent') <> (NEW.sendings = OLD.sendings + 1)
    THEN
        RAISE EXCEPTION 'a grant that started stays as agreed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER grant_reports_update BEFORE UPDATE ON grant_reports
FOR EACH ROW EXECUTE FUNCTION keep_grant_reports();

CREATE TRIGGER grant_report_sendings_no_update BEFORE UPDATE ON grant_report_sendings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_report_sendings_no_delete BEFORE DELETE ON grant_report_sendings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_report_sendings_no_truncate BEFORE TRUNCATE ON grant_report_sendings
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_report_figures_no_update BEFORE UPDATE ON grant_report_figures
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_report_figures_no_delete BEFORE DELETE ON grant_report_figures
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_report_figures_no_truncate BEFORE TRUNCATE ON grant_report_figures
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_lines_no_truncate BEFORE TRUNCATE ON grant_lines
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_instalments_no_truncate BEFORE TRUNCATE ON grant_instalments
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_conditions_no_truncate BEFORE TRUNCATE ON grant_conditions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER grant_reports_no_truncate BEFORE TRUNCATE ON grant_reports
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
