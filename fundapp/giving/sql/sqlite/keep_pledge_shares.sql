-- The shares of a split pledge add up to their whole: they are written before its first instalment,
-- each for another open fund, and never change. A pledge that is not split has none.
--
-- The first instalment asks whether they are complete, as nothing pays a pledge without one.

CREATE TRIGGER pledge_shares_begin BEFORE INSERT ON pledge_shares BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: pledge_shares.pledge_id, pledge_shares.number (no row is replaced)')
    WHERE EXISTS (
        SELECT 1 FROM pledge_shares
        WHERE pledge_id = NEW.pledge_id AND (number = NEW.number OR fund_code = NEW.fund_code)
    );
    SELECT RAISE(ABORT, 'the pledge is not split') WHERE NOT EXISTS (
        SELECT 1 FROM pledges WHERE id = NEW.pledge_id AND is_split
    );
    SELECT RAISE(ABORT, 'the shares are complete') WHERE EXISTS (
        SELECT 1 FROM instalments WHERE pledge_id = NEW.pledge_id
    );
    SELECT RAISE(ABORT, 'the shares are not numbered, of one whole and one unit') WHERE EXISTS (
        SELECT 1 FROM pledge_shares WHERE pledge_id = NEW.pledge_id
            AND (whole <> NEW.whole OR unit <> NEW.unit)
    ) OR NEW.number <> 1 + (SELECT count(*) FROM pledge_shares WHERE pledge_id = NEW.pledge_id);
    SELECT RAISE(ABORT, 'the first share is of another fund') WHERE NEW.number = 1 AND NOT EXISTS (
        SELECT 1 FROM pledges WHERE id = NEW.pledge_id AND fund_code = NEW.fund_code
    );
    SELECT RAISE(ABORT, 'the fund takes no pledges') WHERE EXISTS (
        SELECT 1 FROM funds WHERE code = NEW.fund_code AND status <> 'open'
    );
END;

CREATE TRIGGER pledge_shares_add_up BEFORE INSERT ON instalments
WHEN NEW.number = 1
BEGIN
    SELECT RAISE(ABORT, 'the shares of the pledge do not add up') FROM pledges p
    WHERE p.id = NEW.pledge_id AND p.is_split AND NOT EXISTS (
        SELECT 1 FROM pledge_shares s WHERE s.pledge_id = p.id
        GROUP BY s.whole HAVING count(*) > 1 AND sum(s.share) = s.whole
            AND (s.whole = p.amount_satang OR max(s.unit) = 'percent')
    );
END;

CREATE TRIGGER pledge_shares_no_update BEFORE UPDATE ON pledge_shares
BEGIN SELECT RAISE(ABORT, 'the shares of a pledge never change'); END;

CREATE TRIGGER pledge_shares_no_delete BEFORE DELETE ON pledge_shares
BEGIN SELECT RAISE(ABORT, 'the shares of a pledge never change'); END;

CREATE TRIGGER pledges_stay_split BEFORE UPDATE ON pledges
WHEN NEW.is_split <> OLD.is_split OR (OLD.is_split AND NEW.fund_code <> OLD.fund_code)
BEGIN SELECT RAISE(ABORT, 'the shares of a pledge never change'); END;
