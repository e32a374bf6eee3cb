-- No payment, receipt or receipt counter is removed: the function of the triggers *_kept and
-- *_kept_whole in freeze_payments.sql, freeze_receipts.sql and count_receipts.sql.

CREATE OR REPLACE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are kept for ever', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
