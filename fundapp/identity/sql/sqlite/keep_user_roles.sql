-- Roles that exclude each other are not held by one person, and a role is given or taken away, never
-- changed into another. Some pairs are held by a written exception that counts on the day on which
-- the role is given. The pairs are those of fundapp/access/combinations.py.

CREATE VIEW role_pairs AS
SELECT column1 AS role, column2 AS beside, column3 AS combination FROM (VALUES
    ('donor', 'auditor', 'refused'),
    ('case_manager', 'supervisor', 'by exception'),
    ('case_manager', 'fund_officer', 'by exception'),
    ('case_manager', 'approver', 'by exception'),
    ('case_manager', 'auditor', 'refused'),
    ('case_manager', 'administrator', 'refused'),
    ('supervisor', 'case_manager', 'by exception'),
    ('supervisor', 'fund_officer', 'refused'),
    ('supervisor', 'approver', 'refused'),
    ('supervisor', 'auditor', 'refused'),
    ('supervisor', 'administrator', 'refused'),
    ('fund_officer', 'case_manager', 'by exception'),
    ('fund_officer', 'supervisor', 'refused'),
    ('fund_officer', 'approver', 'by exception'),
    ('fund_officer', 'auditor', 'refused'),
    ('fund_officer', 'administrator', 'refused'),
    ('approver', 'case_manager', 'by exception'),
    ('approver', 'supervisor', 'refused'),
    ('approver', 'fund_officer', 'by exception'),
    ('approver', 'auditor', 'refused'),
    ('approver', 'administrator', 'refused'),
    ('auditor', 'donor', 'refused'),
    ('auditor', 'case_manager', 'refused'),
    ('auditor', 'supervisor', 'refused'),
    ('auditor', 'fund_officer', 'refused'),
    ('auditor', 'approver', 'refused'),
    ('auditor', 'administrator', 'refused'),
    ('administrator', 'case_manager', 'refused'),
    ('administrator', 'supervisor', 'refused'),
    ('administrator', 'fund_officer', 'refused'),
    ('administrator', 'approver', 'refused'),
    ('administrator', 'auditor', 'refused'),
    ('agency', 'donor', 'refused'),
    ('donor', 'agency', 'refused'),
    ('agency', 'case_manager', 'refused'),
    ('case_manager', 'agency', 'refused'),
    ('agency', 'supervisor', 'refused'),
    ('supervisor', 'agency', 'refused'),
    ('agency', 'fund_officer', 'refused'),
    ('fund_officer', 'agency', 'refused'),
    ('agency', 'approver', 'refused'),
    ('approver', 'agency', 'refused'),
    ('agency', 'auditor', 'refused'),
    ('auditor', 'agency', 'refused'),
    ('agency', 'administrator', 'refused'),
    ('administrator', 'agency', 'refused')
) AS pair;

CREATE TRIGGER user_roles_exclude BEFORE INSERT ON user_roles
WHEN EXISTS (
    SELECT 1 FROM user_roles held
    JOIN role_pairs pair ON pair.role = NEW.role AND pair.beside = held.role
    WHERE held.user_id = NEW.user_id AND (
        pair.combination = 'refused' OR NOT EXISTS (
            SELECT 1 FROM role_exceptions exception
            WHERE exception.user_id = NEW.user_id
            AND NEW.role IN (exception.role, exception.beside)
            AND held.role IN (exception.role, exception.beside)
            AND NEW.granted_on BETWEEN exception.starts_on AND exception.ends_on
            AND (exception.ended_on IS NULL OR NEW.granted_on < exception.ended_on)
        )
    )
)
BEGIN SELECT RAISE(ABORT, 'one person does not hold these two roles'); END;

CREATE TRIGGER user_roles_kept BEFORE UPDATE ON user_roles
BEGIN SELECT RAISE(ABORT, 'a role is given or taken away, never changed'); END;

CREATE TRIGGER user_roles_confirmed BEFORE INSERT ON user_roles
WHEN NEW.proposal_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM proposals WHERE id = NEW.proposal_id AND status = 'confirmed'
)
BEGIN SELECT RAISE(ABORT, 'a role is given by a confirmed proposal'); END;
