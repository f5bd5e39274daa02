//! The native types of each database, as Prisma has them: for which scalars, with which arguments.

use super::Arguments::{self, Length, LengthOrMax, NeedsLength, Nothing, PrecisionAndScale};
use super::Native;
use crate::model::Provider;
use crate::model::Scalar::{self, BigInt, Boolean, Bytes, DateTime, Decimal, Float, Int, Json, String};

/// Those of one database.
pub(super) fn of(provider: Provider) -> &'static [Native] {
    match provider {
        Provider::Postgresql => POSTGRESQL,
        Provider::Mysql => MYSQL,
        Provider::Sqlite => &[],
        Provider::Sqlserver => SQLSERVER,
        Provider::Cockroachdb => COCKROACHDB,
        Provider::Mongodb => MONGODB,
    }
}

const ANY: Arguments = Length(0, u32::MAX);
const FROM_ONE: Arguments = Length(1, u32::MAX);
/// Digits of a second.
const DIGITS: Arguments = Length(0, 6);

const fn native(name: &'static str, scalars: &'static [Scalar], arguments: Arguments) -> Native {
    Native { name, scalars, arguments }
}

/// <https://www.postgresql.org/docs/current/datatype.html>
const POSTGRESQL: &[Native] = &[
    native("SmallInt", &[Int], Nothing),
    native("Integer", &[Int], Nothing),
    native("BigInt", &[BigInt], Nothing),
    native("Decimal", &[Decimal], PrecisionAndScale { least: 1, most: 1000, most_scale: 1000 }),
    native("Money", &[Decimal], Nothing),
    native("Inet", &[String], Nothing),
    native("Oid", &[Int], Nothing),
    native("Citext", &[String], Nothing),
    native("Real", &[Float], Nothing),
    native("DoublePrecision", &[Float], Nothing),
    native("VarChar", &[String], ANY),
    native("Char", &[String], ANY),
    native("Text", &[String], Nothing),
    native("ByteA", &[Bytes], Nothing),
    native("Timestamp", &[DateTime], DIGITS),
    native("Timestamptz", &[DateTime], DIGITS),
    native("Date", &[DateTime], Nothing),
    native("Time", &[DateTime], DIGITS),
    native("Timetz", &[DateTime], DIGITS),
    native("Boolean", &[Boolean], Nothing),
    native("Bit", &[String], FROM_ONE),
    native("VarBit", &[String], FROM_ONE),
    native("Uuid", &[String], Nothing),
    native("Xml", &[String], Nothing),
    native("Json", &[Json], Nothing),
    native("JsonB", &[Json], Nothing),
];

/// <https://dev.mysql.com/doc/refman/8.4/en/data-types.html>
const MYSQL: &[Native] = &[
    native("Int", &[Int], Nothing),
    native("UnsignedInt", &[Int], Nothing),
    native("SmallInt", &[Int], Nothing),
    native("UnsignedSmallInt", &[Int], Nothing),
    native("TinyInt", &[Int, Boolean], Nothing),
    native("UnsignedTinyInt", &[Int, Boolean], Nothing),
    native("MediumInt", &[Int], Nothing),
    native("UnsignedMediumInt", &[Int], Nothing),
    native("BigInt", &[BigInt], Nothing),
    native("UnsignedBigInt", &[BigInt], Nothing),
    native("Decimal", &[Decimal], PrecisionAndScale { least: 0, most: 65, most_scale: 30 }),
    native("Float", &[Float], Nothing),
    native("Double", &[Float], Nothing),
    native("Bit", &[Boolean, Bytes], NeedsLength(1, 64)),
    native("Char", &[String], NeedsLength(0, 255)),
    native("VarChar", &[String], NeedsLength(0, 65_535)),
    native("Binary", &[Bytes], NeedsLength(0, u32::MAX)),
    native("VarBinary", &[Bytes], NeedsLength(0, u32::MAX)),
    native("TinyBlob", &[Bytes], Nothing),
    native("Blob", &[Bytes], Nothing),
    native("MediumBlob", &[Bytes], Nothing),
    native("LongBlob", &[Bytes], Nothing),
    native("TinyText", &[String], Nothing),
    native("Text", &[String], Nothing),
    native("MediumText", &[String], Nothing),
    native("LongText", &[String], Nothing),
    native("Date", &[DateTime], Nothing),
    native("Time", &[DateTime], ANY),
    native("DateTime", &[DateTime], ANY),
    native("Timestamp", &[DateTime], ANY),
    native("Year", &[Int], Nothing),
    native("Json", &[Json], Nothing),
];

/// <https://learn.microsoft.com/sql/t-sql/data-types/data-types-transact-sql>
const SQLSERVER: &[Native] = &[
    native("TinyInt", &[Int], Nothing),
    native("SmallInt", &[Int], Nothing),
    native("Int", &[Int], Nothing),
    native("BigInt", &[BigInt], Nothing),
    native("Decimal", &[Decimal], PrecisionAndScale { least: 1, most: 38, most_scale: 38 }),
    native("Money", &[Float], Nothing),
    native("SmallMoney", &[Float], Nothing),
    native("Bit", &[Boolean, Int], Nothing),
    native("Float", &[Float], Length(1, 53)),
    native("Real", &[Float], Nothing),
    native("Date", &[DateTime], Nothing),
    native("Time", &[DateTime], Nothing),
    native("DateTime", &[DateTime], Nothing),
    native("DateTime2", &[DateTime], Nothing),
    native("DateTimeOffset", &[DateTime], Nothing),
    native("SmallDateTime", &[DateTime], Nothing),
    native("Char", &[String], Length(0, 8000)),
    native("NChar", &[String], Length(0, 4000)),
    native("VarChar", &[String], LengthOrMax(8000)),
    native("NVarChar", &[String], LengthOrMax(4000)),
    native("Text", &[String], Nothing),
    native("NText", &[String], Nothing),
    native("Binary", &[Bytes], Length(0, 8000)),
    native("VarBinary", &[Bytes], LengthOrMax(8000)),
    native("Image", &[Bytes], Nothing),
    native("Xml", &[String], Nothing),
    native("UniqueIdentifier", &[String], Nothing),
];

/// <https://www.cockroachlabs.com/docs/stable/data-types>
const COCKROACHDB: &[Native] = &[
    native("Bit", &[String], FROM_ONE),
    native("VarBit", &[String], FROM_ONE),
    native("Bool", &[Boolean], Nothing),
    native("Bytes", &[Bytes], Nothing),
    native("Char", &[String], ANY),
    native("CatalogSingleChar", &[String], Nothing),
    native("String", &[String], ANY),
    native("Date", &[DateTime], Nothing),
    native("Time", &[DateTime], DIGITS),
    native("Timetz", &[DateTime], DIGITS),
    native("Timestamp", &[DateTime], DIGITS),
    native("Timestamptz", &[DateTime], DIGITS),
    native("Decimal", &[Decimal], PrecisionAndScale { least: 1, most: 1000, most_scale: 1000 }),
    native("Float4", &[Float], Nothing),
    native("Float8", &[Float], Nothing),
    native("Int2", &[Int], Nothing),
    native("Int4", &[Int], Nothing),
    native("Int8", &[BigInt], Nothing),
    native("Inet", &[String], Nothing),
    native("JsonB", &[Json], Nothing),
    native("Oid", &[Int], Nothing),
    native("Uuid", &[String], Nothing),
];

/// <https://www.mongodb.com/docs/manual/reference/bson-types/>
const MONGODB: &[Native] = &[
    native("String", &[String], Nothing),
    native("ObjectId", &[String, Bytes], Nothing),
    native("Double", &[Float], Nothing),
    native("Int", &[Int], Nothing),
    native("Long", &[Int, BigInt], Nothing),
    native("Bool", &[Boolean], Nothing),
    native("BinData", &[Bytes], Nothing),
    native("Date", &[DateTime], Nothing),
    native("Timestamp", &[DateTime], Nothing),
    native("Json", &[Json], Nothing),
];
