-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('USER', 'it''s "admin"');

-- CreateTable
CREATE TABLE "Everything" (
    "id" BIGSERIAL NOT NULL,
    "char" CHAR NOT NULL DEFAULT 'x',
    "chars" CHAR(10) NOT NULL DEFAULT 'it''s, ok',
    "bit" BIT NOT NULL DEFAULT '1',
    "bits" VARBIT,
    "exact" DECIMAL(10,2) NOT NULL DEFAULT 1.50,
    "free" DECIMAL(65,30) NOT NULL DEFAULT -3,
    "big" BIGINT NOT NULL DEFAULT 9007199254740993,
    "float" DOUBLE PRECISION NOT NULL DEFAULT 0.10,
    "real" REAL NOT NULL DEFAULT 100000,
    "yes" BOOLEAN NOT NULL DEFAULT true,
    "role" "Role" NOT NULL DEFAULT 'it''s "admin"',
    "roles" "Role"[] DEFAULT ARRAY['USER', 'it''s "admin"']::"Role"[],
    "tags" TEXT[] DEFAULT ARRAY['a, b', 'c''d', ']::']::TEXT[],
    "none" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "numbers" INTEGER[] DEFAULT ARRAY[1, -2]::INTEGER[],
    "json" JSONB NOT NULL DEFAULT '{"b": 1, "a": [1,2]}',
    "date" TIMESTAMP(3) NOT NULL DEFAULT '2024-02-29 12:30:00 +01:00',
    "day" DATE NOT NULL DEFAULT '2024-02-29 00:00:00 +00:00',
    "zoned" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "bytes" BYTEA NOT NULL DEFAULT '\x68656c6c6f',
    "uuid" UUID NOT NULL DEFAULT gen_random_uuid(),
    "computed" TEXT NOT NULL DEFAULT 'a' || lower('B'),
    "now" TIMESTAMP(3) NOT NULL DEFAULT now(),
    "raw" point,
    "otherId" BIGINT,

    CONSTRAINT "Everything_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Everything_json_idx" ON "Everything" USING GIN ("json" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "Everything_chars_idx" ON "Everything"("chars" bpchar_ops);

-- CreateIndex
CREATE UNIQUE INDEX "Everything_role_uuid_key" ON "Everything"("role", "uuid" DESC);

-- AddForeignKey
ALTER TABLE "Everything" ADD CONSTRAINT "Everything_otherId_fkey" FOREIGN KEY ("otherId") REFERENCES "Everything"("id") ON DELETE CASCADE ON UPDATE CASCADE;
