-- What a grant says is frozen when it starts, and adds up; grants of one fund do not run at the same
-- time, so that each help belongs to one budget line at most. SQLite.
--
-- A draft is changed freely. It starts with budget lines and instalments that add up to its total,
-- each line of a fiscal year that its days touch. Afterwards only its state changes: a condition is
-- met once, a report is sent, returned and accepted; what was sent stays. Its last day and the
-- amounts of its lines change only as its newest amendment says (keep_amendments.sql).

CREATE TRIGGER grants_begin_as_drafts BEFORE INSERT ON grants
WHEN NEW.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a grant begins as a draft'); END;

CREATE TRIGGER grants_no_delete BEFORE DELETE ON grants
BEGIN SELECT RAISE(ABORT, 'a grant is not removed'); END;

CREATE TRIGGER grants_states BEFORE UPDATE ON grants BEGIN
    SELECT RAISE(ABORT, 'a grant does not go from this state to that')
    WHERE NEW.status <> OLD.status AND OLD.status || ' ' || NEW.status NOT IN (
        'draft running', 'draft withdrawn', 'running completed', 'running ended'
    );
    SELECT RAISE(ABORT, 'a grant that started stays as agreed')
    WHERE OLD.status <> 'draft' AND
        (NEW.donor_id, NEW.fund_code, NEW.number, NEW.title, NEW.signed_on, NEW.starts_on, NEW.total_satang, NEW.document_id, NEW.proposal_id, NEW.created_by, NEW.created_at)
        IS NOT
        (OLD.donor_id, OLD.fund_code, OLD.number, OLD.title, OLD.signed_on, OLD.starts_on, OLD.total_satang, OLD.document_id, OLD.proposal_id, OLD.created_by, OLD.created_at);
    SELECT RAISE(ABORT, 'a grant that started stays as agreed')
    WHERE OLD.status <> 'draft' AND NEW.ends_on <> OLD.ends_on AND NOT EXISTS (
        SELECT 1 FROM grant_amendments
        WHERE grant_id = NEW.id AND ends_before = OLD.ends_on AND ends_after = NEW.ends_on
            AND number = (SELECT max(number) FROM grant_amendments WHERE grant_id = NEW.id)
    );
    SELECT RAISE(ABORT, 'another grant of this fund runs on these days')
    FROM grants WHERE OLD.status <> 'draft' AND NEW.ends_on > OLD.ends_on
        AND id <> NEW.id AND fund_code = NEW.fund_code
        AND status IN ('running', 'completed', 'ended')
        AND starts_on <= NEW.ends_on AND coalesce(ended_on, ends_on) >= NEW.starts_on;
    SELECT RAISE(ABORT, 'a grant ends once, within its days')
    WHERE (OLD.ended_on IS NOT NULL AND NEW.ended_on IS NOT OLD.ended_on)
        OR (NEW.ended_on IS NOT NULL AND NEW.ended_on > NEW.ends_on);
END;

CREATE TRIGGER grants_start BEFORE UPDATE ON grants
WHEN OLD.status = 'draft' AND NEW.status = 'running'
BEGIN
    SELECT RAISE(ABORT, 'budget lines and instalments of a grant add up to its total')
    WHERE NEW.total_satang <> (
            SELECT coalesce(sum(amount_satang), 0) FROM grant_lines WHERE grant_id = NEW.id
        )
        OR NEW.total_satang <> (
            SELECT coalesce(sum(amount_satang), 0) FROM grant_instalments
            WHERE grant_id = NEW.id AND pledge_id IS NOT NULL
        )
        OR EXISTS (SELECT 1 FROM grant_instalments WHERE grant_id = NEW.id AND pledge_id IS NULL);
    SELECT RAISE(ABORT, 'a budget line is of a fiscal year of its grant')
    FROM grant_lines WHERE grant_id = NEW.id AND (
        (fiscal_year - 543) || '-09-30' < NEW.starts_on
        OR (fiscal_year - 544) || '-10-01' > NEW.ends_on
    );
    SELECT RAISE(ABORT, 'another grant of this fund runs on these days')
    FROM grants WHERE id <> NEW.id AND fund_code = NEW.fund_code
        AND status IN ('running', 'completed', 'ended')
        AND starts_on <= NEW.ends_on AND coalesce(ended_on, ends_on) >= NEW.starts_on;
END;

CREATE TRIGGER journal_entries_grant_lines AFTER INSERT ON journal_entries
WHEN NEW.kind = 'assistance_approved'
BEGIN
    SELECT RAISE(ABORT, 'ledger: the budget line has less left')
    FROM postings AS charged
    JOIN grants ON grants.fund_code = charged.fund_code AND grants.status = 'running'
        AND NEW.entry_on BETWEEN grants.starts_on AND grants.ends_on
    JOIN grant_lines AS line ON line.grant_id = grants.id AND line.rule = 'refuse'
        AND line.account_code = charged.debit_account_code
        AND NEW.entry_on BETWEEN (line.fiscal_year - 544) || '-10-01'
            AND (line.fiscal_year - 543) || '-09-30'
    WHERE charged.entry_id = NEW.id AND line.amount_satang < (
        SELECT coalesce(sum(amount_satang), 0) FROM postings
        WHERE debit_account_code = line.account_code AND fund_code = grants.fund_code
            AND entry_on BETWEEN max(grants.starts_on, (line.fiscal_year - 544) || '-10-01')
                AND min(grants.ends_on, (line.fiscal_year - 543) || '-09-30')
    ) - (
        SELECT coalesce(sum(amount_satang), 0) FROM postings
        WHERE credit_account_code = line.account_code AND fund_code = grants.fund_code
            AND entry_on BETWEEN max(grants.starts_on, (line.fiscal_year - 544) || '-10-01')
                AND min(grants.ends_on, (line.fiscal_year - 543) || '-09-30')
    );
END;

CREATE TRIGGER grant_lines_insert BEFORE INSERT ON grant_lines
WHEN (SELECT status FROM grants WHERE id = NEW.grant_id) IS NOT 'draft' AND NOT EXISTS (
    SELECT 1 FROM grant_amendment_lines
    WHERE grant_id = NEW.grant_id AND fiscal_year = NEW.fiscal_year
        AND account_code = NEW.account_code AND before_satang = 0
        AND after_satang = NEW.amount_satang
        AND number = (SELECT max(number) FROM grant_amendments WHERE grant_id = NEW.grant_id)
)
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_lines_delete BEFORE DELETE ON grant_lines
WHEN (SELECT status FROM grants WHERE id = OLD.grant_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_lines_update BEFORE UPDATE ON grant_lines
WHEN NEW.grant_id <> OLD.grant_id
    OR ((SELECT status FROM grants WHERE id = OLD.grant_id) IS NOT 'draft' AND (
        (NEW.id, NEW.fiscal_year, NEW.account_code, NEW.rule) IS NOT
            (OLD.id, OLD.fiscal_year, OLD.account_code, OLD.rule)
        OR NOT EXISTS (
            SELECT 1 FROM grant_amendment_lines
            WHERE grant_id = NEW.grant_id AND fiscal_year = NEW.fiscal_year
                AND account_code = NEW.account_code AND before_satang = OLD.amount_satang
                AND after_satang = NEW.amount_satang
                AND number = (SELECT max(number) FROM grant_amendments WHERE grant_id = NEW.grant_id)
        )
    ))
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_instalments_insert BEFORE INSERT ON grant_instalments
WHEN (SELECT status FROM grants WHERE id = NEW.grant_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_instalments_delete BEFORE DELETE ON grant_instalments
WHEN (SELECT status FROM grants WHERE id = OLD.grant_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_instalments_update BEFORE UPDATE ON grant_instalments
WHEN NEW.grant_id <> OLD.grant_id
    OR (SELECT status FROM grants WHERE id = OLD.grant_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_conditions_insert BEFORE INSERT ON grant_conditions
WHEN (SELECT status FROM grants WHERE id = NEW.grant_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_conditions_delete BEFORE DELETE ON grant_conditions
WHEN (SELECT status FROM grants WHERE id = OLD.grant_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_conditions_update BEFORE UPDATE ON grant_conditions
WHEN (SELECT status FROM grants WHERE id = OLD.grant_id) IS NOT 'running'
    OR (NEW.id, NEW.public_id, NEW.grant_id, NEW.due_on, NEW.text) IS NOT
        (OLD.id, OLD.public_id, OLD.grant_id, OLD.due_on, OLD.text)
        OR OLD.met_on IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_reports_insert BEFORE INSERT ON grant_reports
WHEN (SELECT status FROM grants WHERE id = NEW.grant_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_reports_delete BEFORE DELETE ON grant_reports
WHEN (SELECT status FROM grants WHERE id = OLD.grant_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_reports_update BEFORE UPDATE ON grant_reports
WHEN (SELECT status FROM grants WHERE id = OLD.grant_id) IS NOT 'running'
    OR (NEW.id, NEW.public_id, NEW.grant_id, NEW.from_on, NEW.to_on, NEW.due_on) IS NOT
        (OLD.id, OLD.public_id, OLD.grant_id, OLD.from_on, OLD.to_on, OLD.due_on)
        OR OLD.status = 'accepted' OR NEW.sendings NOT IN (OLD.sendings, OLD.sendings + 1)
        OR (NEW.status = 'sent') <> (NEW.sendings = OLD.sendings + 1)
BEGIN SELECT RAISE(ABORT, 'a grant that started stays as agreed'); END;

CREATE TRIGGER grant_report_sendings_no_update BEFORE UPDATE ON grant_report_sendings
BEGIN SELECT RAISE(ABORT, 'grant_report_sendings is append-only'); END;

CREATE TRIGGER grant_report_sendings_no_delete BEFORE DELETE ON grant_report_sendings
BEGIN SELECT RAISE(ABORT, 'grant_report_sendings is append-only'); END;

CREATE TRIGGER grant_report_figures_no_update BEFORE UPDATE ON grant_report_figures
BEGIN SELECT RAISE(ABORT, 'grant_report_figures is append-only'); END;

CREATE TRIGGER grant_report_figures_no_delete BEFORE DELETE ON grant_report_figures
BEGIN SELECT RAISE(ABORT, 'grant_report_figures is append-only'); END;
