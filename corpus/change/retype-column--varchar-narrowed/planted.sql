-- finds: values of City.name do not fit VARCHAR(80)
-- finds: values of City.code do not fit VARCHAR(10)
INSERT INTO "City" ("name", "code") VALUES ('Bern', 'BE'), (repeat('x', 81), '12345678901');
