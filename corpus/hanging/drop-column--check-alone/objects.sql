ALTER TABLE "User" ADD CONSTRAINT in_order CHECK ("low" <= "high");
