-- one way: going back leaves the primary key, which Prisma 5 does not mind
ALTER TABLE "_PostToTag" DROP CONSTRAINT "_PostToTag_AB_pkey";
CREATE UNIQUE INDEX "_PostToTag_AB_unique" ON "_PostToTag" ("A", "B");
