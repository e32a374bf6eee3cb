-- The shares of a split pledge add up to their whole: they are written before its first instalment,
-- each for another open fund, and never change. A pledge that is not split has none.
--
-- The first instalment asks whether they are complete, as nothing pays a pledge without one. Each
-- holds the fund's row, as pledges do.

CREATE OR REPLACE FUNCTION begin_pledge_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fund_status text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pledges WHERE id = NEW.pledge_id AND is_split) THEN
        RAISE EXCEPTION 'the pledge is not split' USING ERRCODE = 'check_violation';
    ELSIF EXISTS (SELECT 1 FROM instalments WHERE pledge_id = NEW.pledge_id) THEN
        RAISE EXCEPTION 'the shares are complete' USING ERRCODE = 'check_violation';
    ELSIF EXISTS (
        SELECT 1 FROM pledge_shares WHERE pledge_id = NEW.pledge_id
            AND (whole <> NEW.whole OR unit <> NEW.unit)
    ) OR NEW.number <> 1 + (SELECT count(*) FROM pledge_shares WHERE pledge_id = NEW.pledge_id) THEN
        RAISE EXCEPTION 'the shares are not numbered, of one whole and one unit'
            USING ERRCODE = 'check_violation';
    ELSIF NEW.number = 1 AND NOT EXISTS (
        SELECT 1 FROM pledges WHERE id = NEW.pledge_id AND fund_code = NEW.fund_code
    ) THEN
        RAISE EXCEPTION 'the first share is of another fund' USING ERRCODE = 'check_violation';
    END IF;
    SELECT status INTO fund_status FROM funds WHERE code = NEW.fund_code FOR KEY SHARE;
    IF fund_status <> 'open' THEN
        RAISE EXCEPTION 'the fund takes no pledges' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_whole_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number = 1 AND EXISTS (
        SELECT 1 FROM pledges p WHERE p.id = NEW.pledge_id AND p.is_split AND NOT EXISTS (
            SELECT 1 FROM pledge_shares s WHERE s.pledge_id = p.id
            GROUP BY s.whole HAVING count(*) > 1 AND sum(s.share) = s.whole
                AND (s.whole = p.amount_satang OR max(s.unit) = 'percent')
        )
    ) THEN
        RAISE EXCEPTION 'the shares of the pledge do not add up' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_split() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_split <> OLD.is_split OR (OLD.is_split AND NEW.fund_code <> OLD.fund_code) THEN
        RAISE EXCEPTION 'the shares of a pledge never change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER pledge_shares_begin BEFORE INSERT ON pledge_shares
FOR EACH ROW EXECUTE FUNCTION begin_pledge_shares();

CREATE TRIGGER pledge_shares_add_up BEFORE INSERT ON instalments
FOR EACH ROW EXECUTE FUNCTION require_whole_shares();

CREATE TRIGGER pledge_shares_no_update BEFORE UPDATE ON pledge_shares
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER pledge_shares_no_delete BEFORE DELETE ON pledge_shares
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER pledge_shares_no_truncate BEFORE TRUNCATE ON pledge_shares
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER pledges_stay_split BEFORE UPDATE ON pledges
FOR EACH ROW EXECUTE FUNCTION keep_split();
