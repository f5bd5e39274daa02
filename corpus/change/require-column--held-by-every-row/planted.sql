-- finds: nulls in Shift.captain
-- finds: nulls in Shift.hrs
INSERT INTO "Shift" ("day", "pay") VALUES (true, 1);
