-- No more of an instalment is let go than the fund of its pledge lets go, or each of them, when it is written.

CREATE OR REPLACE FUNCTION limit_let_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.let_go_satang <> 0 OR NEW.let_go_limit_satang <> 0)
        AND NEW.let_go_limit_satang <> (
            SELECT min(f.let_go_limit_satang) FROM instalments i
            JOIN pledges p ON p.id = i.pledge_id
            JOIN funds f ON f.code = p.fund_code OR f.code IN (
                SELECT fund_code FROM pledge_shares WHERE pledge_id = p.id
            )
            WHERE i.id = NEW.instalment_id
        )
    THEN
        RAISE EXCEPTION 'the fund lets less go' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER allocations_let_go_limited BEFORE INSERT ON allocations
FOR EACH ROW EXECUTE FUNCTION limit_let_go();
