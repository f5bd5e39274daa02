//! Which columns a client can read whose own column is of another type.

use crate::live::seed::Type;

/// Can a client whose column is of one type read one of another? By the server's short names; what is not known fails is
/// taken to work.
pub(super) fn takes(own: &Type, real: &str) -> bool {
    let (real, list) = real.strip_prefix('_').map_or((real, false), |element| (element, true));
    if own.list != list {
        return false;
    }
    let numbers = ["int2", "int4", "int8", "float4", "float8", "numeric"];
    match own.name.as_str() {
        name if name == real => true,
        "int2" | "int4" | "int8" | "float4" | "float8" | "numeric" | "oid" if real == "bool" => false,
        "int8" => !["float4", "float8", "numeric"].contains(&real),
        "text" | "varchar" | "bpchar" | "citext" | "uuid" => {
            !["int2", "int4", "float4", "float8", "bool", "bytea"].contains(&real)
        }
        "bool" => ["text", "varchar"].contains(&real) || numbers.contains(&real),
        "bytea" => false,
        "timestamp" | "timestamptz" | "date" | "time" => !numbers.contains(&real) && real != "bool",
        _ => true,
    }
}
