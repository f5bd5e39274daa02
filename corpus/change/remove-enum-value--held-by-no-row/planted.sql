-- finds: Seat.row holds values that left
INSERT INTO "Seat" ("row") VALUES ('V10'), ('V50');
