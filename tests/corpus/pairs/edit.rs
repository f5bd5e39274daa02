//! What people do to a schema between two versions.

use super::blueprint::{Arity, Blueprint, Enum, Field, HOSTILE, Id, Index, Kind, Link, Model, Named, TYPES};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

/// Any number, taken modulo of what there is to choose from.
pub type Pick = u16;

/// One change.
#[derive(Clone, Debug)]
pub enum Edit {
    AddField(Pick, Field),
    DropField(Pick, Pick),
    RenameField(Pick, Pick),
    MapField(Pick, Pick, Option<String>),
    Retype(Pick, Pick, usize),
    ToEnum(Pick, Pick, Pick),
    Arity(Pick, Pick, Arity),
    Default(Pick, Pick, Option<usize>),
    Unique(Pick, Pick),
    AddIndex(Pick, Vec<Pick>, bool, bool, Option<String>),
    DropIndex(Pick, Pick),
    MapIndex(Pick, Pick, Option<String>),
    AddModel(Model),
    DropModel(Pick),
    RenameModel(Pick),
    MapModel(Pick, Option<String>),
    ChangeId(Pick, Id),
    AddLink(Pick, Pick, Link),
    DropLink(Pick),
    ChangeLink(Pick, Kind, bool, Option<&'static str>),
    AddEnum(Enum),
    DropEnum(Pick),
    RenameEnum(Pick),
    MapEnum(Pick, Option<String>),
    AddValue(Pick, Pick, Option<String>),
    DropValue(Pick, Pick),
}

/// A hostile name, now and then.
fn map() -> impl Strategy<Value = Option<String>> {
    option::weighted(0.25, (0..HOSTILE.len(), option::of(0..9_u8))).prop_map(|made| {
        made.map(|(which, number)| match number {
            Some(number) => format!("{}{number}", HOSTILE[which]),
            None => HOSTILE[which].to_owned(),
        })
    })
}

fn arity() -> impl Strategy<Value = Arity> {
    prop_oneof![4 => Just(Arity::Required), 4 => Just(Arity::Optional), 1 => Just(Arity::List)]
}

fn field() -> impl Strategy<Value = Field> {
    let default = option::weighted(0.4, 0..9_usize);
    (map(), 0..TYPES.len(), arity(), default, proptest::bool::weighted(0.1)).prop_map(
        |(map, ty, arity, default, unique)| {
            // A constant that every row gets cannot be unique.
            let default = default.filter(|_| !unique);
            Field { named: Named::new(String::new(), map), ty, of: None, arity, default, unique }
        },
    )
}

fn id() -> impl Strategy<Value = Id> {
    prop_oneof![
        4 => Just(Id::Numbered), 1 => Just(Id::BigNumbered), 2 => Just(Id::Uuid), 1 => Just(Id::Text), 1 => Just(Id::Two)
    ]
}

fn model() -> impl Strategy<Value = Model> {
    (map(), id(), vec(field(), 1..6)).prop_map(|(map, id, fields)| Model {
        named: Named::new(String::new(), map),
        id,
        fields,
        indexes: Vec::new(),
    })
}

fn values() -> impl Strategy<Value = Enum> {
    (map(), vec(map(), 1..5)).prop_map(|(map, values)| Enum {
        named: Named::new(String::new(), map),
        values: values.into_iter().map(|map| Named::new(String::new(), map)).collect(),
    })
}

fn on_delete() -> impl Strategy<Value = Option<&'static str>> {
    option::of(prop_oneof![Just("Cascade"), Just("Restrict"), Just("NoAction"), Just("SetNull")])
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![3 => Just(Kind::Many), 1 => Just(Kind::One), 1 => Just(Kind::Implicit)]
}

fn link() -> impl Strategy<Value = Link> {
    (kind(), any::<bool>(), on_delete(), map()).prop_map(|(kind, optional, on_delete, map)| Link {
        name: String::new(),
        from: String::new(),
        to: String::new(),
        kind,
        optional,
        on_delete,
        map,
    })
}

fn pick() -> impl Strategy<Value = Pick> {
    any::<Pick>()
}

/// A change, the ordinary ones more often.
pub fn edit() -> impl Strategy<Value = Edit> {
    let on_fields = prop_oneof![
        4 => (pick(), field()).prop_map(|(m, f)| Edit::AddField(m, f)),
        3 => (pick(), pick()).prop_map(|(m, f)| Edit::DropField(m, f)),
        3 => (pick(), pick()).prop_map(|(m, f)| Edit::RenameField(m, f)),
        1 => (pick(), pick(), map()).prop_map(|(m, f, map)| Edit::MapField(m, f, map)),
        3 => (pick(), pick(), 0..TYPES.len()).prop_map(|(m, f, ty)| Edit::Retype(m, f, ty)),
        1 => (pick(), pick(), pick()).prop_map(|(m, f, e)| Edit::ToEnum(m, f, e)),
        4 => (pick(), pick(), arity()).prop_map(|(m, f, arity)| Edit::Arity(m, f, arity)),
        2 => (pick(), pick(), option::of(0..9_usize)).prop_map(|(m, f, d)| Edit::Default(m, f, d)),
        2 => (pick(), pick()).prop_map(|(m, f)| Edit::Unique(m, f)),
    ];
    let on_indexes = prop_oneof![
        2 => (pick(), vec(pick(), 1..4), any::<bool>(), any::<bool>(), map())
            .prop_map(|(m, fields, unique, sort, map)| Edit::AddIndex(m, fields, unique, sort, map)),
        1 => (pick(), pick()).prop_map(|(m, i)| Edit::DropIndex(m, i)),
        1 => (pick(), pick(), map()).prop_map(|(m, i, map)| Edit::MapIndex(m, i, map)),
    ];
    let on_models = prop_oneof![
        2 => model().prop_map(Edit::AddModel),
        1 => pick().prop_map(Edit::DropModel),
        2 => pick().prop_map(Edit::RenameModel),
        2 => (pick(), map()).prop_map(|(m, map)| Edit::MapModel(m, map)),
        1 => (pick(), id()).prop_map(|(m, id)| Edit::ChangeId(m, id)),
    ];
    let on_links = prop_oneof![
        3 => (pick(), pick(), link()).prop_map(|(a, b, link)| Edit::AddLink(a, b, link)),
        1 => pick().prop_map(Edit::DropLink),
        2 => (pick(), kind(), any::<bool>(), on_delete()).prop_map(|(l, k, o, d)| Edit::ChangeLink(l, k, o, d)),
    ];
    let on_enums = prop_oneof![
        1 => values().prop_map(Edit::AddEnum),
        1 => pick().prop_map(Edit::DropEnum),
        1 => pick().prop_map(Edit::RenameEnum),
        1 => (pick(), map()).prop_map(|(e, map)| Edit::MapEnum(e, map)),
        2 => (pick(), pick(), map()).prop_map(|(e, at, map)| Edit::AddValue(e, at, map)),
        2 => (pick(), pick()).prop_map(|(e, at)| Edit::DropValue(e, at)),
    ];
    prop_oneof![6 => on_fields, 2 => on_indexes, 2 => on_models, 2 => on_links, 2 => on_enums]
}

fn at<T>(all: &mut [T], which: Pick) -> Option<&mut T> {
    let count = all.len();
    all.get_mut(usize::from(which).checked_rem(count)?)
}

/// Does it, with `n` for the names of what is new; nothing where there is nothing to do it to.
pub fn apply(schema: &mut Blueprint, edit: Edit, n: usize) {
    if do_it(schema, edit, n).is_some() {
        schema.tidy();
    }
}

fn do_it(schema: &mut Blueprint, edit: Edit, n: usize) -> Option<()> {
    match edit {
        Edit::AddField(m, mut field) => {
            field.named.name = format!("f{n}");
            at(&mut schema.models, m)?.fields.push(field);
        }
        Edit::DropField(m, f) => {
            let model = at(&mut schema.models, m)?;
            let position = usize::from(f).checked_rem(model.fields.len())?;
            let gone = model.fields.remove(position);
            model.indexes.retain(|index| !index.fields.contains(&gone.named.name));
        }
        Edit::RenameField(m, f) => {
            let model = at(&mut schema.models, m)?;
            let named = &mut at(&mut model.fields, f)?.named;
            let old = named.name.clone();
            named.rename(format!("f{n}"));
            let names = model.indexes.iter_mut().flat_map(|index| &mut index.fields);
            names.filter(|name| **name == old).for_each(|name| *name = format!("f{n}"));
        }
        Edit::MapField(m, f, map) => at(&mut at(&mut schema.models, m)?.fields, f)?.named.map = map,
        Edit::Retype(m, f, ty) => {
            let field = at(&mut at(&mut schema.models, m)?.fields, f)?;
            (field.ty, field.of) = (ty, None);
        }
        Edit::ToEnum(m, f, e) => {
            let of = at(&mut schema.enums, e)?.named.name.clone();
            at(&mut at(&mut schema.models, m)?.fields, f)?.of = Some(of);
        }
        Edit::Arity(m, f, arity) => at(&mut at(&mut schema.models, m)?.fields, f)?.arity = arity,
        Edit::Default(m, f, default) => {
            let field = at(&mut at(&mut schema.models, m)?.fields, f)?;
            field.default = default.filter(|_| !field.unique);
        }
        Edit::Unique(m, f) => {
            let field = at(&mut at(&mut schema.models, m)?.fields, f)?;
            field.unique = !field.unique;
            field.default = field.default.filter(|_| !field.unique);
        }
        Edit::AddIndex(m, fields, unique, descending, map) => {
            let model = at(&mut schema.models, m)?;
            let mut names = Vec::new();
            for f in fields {
                let name = at(&mut model.fields, f)?.named.name.clone();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            model.indexes.push(Index { fields: names, unique, descending, map });
        }
        Edit::DropIndex(m, i) => {
            let indexes = &mut at(&mut schema.models, m)?.indexes;
            indexes.remove(usize::from(i).checked_rem(indexes.len())?);
        }
        Edit::MapIndex(m, i, map) => at(&mut at(&mut schema.models, m)?.indexes, i)?.map = map,
        Edit::AddModel(model) => schema.models.push(numbered(model, n)),
        Edit::DropModel(m) => {
            if schema.models.len() > 1 {
                schema.models.remove(usize::from(m) % schema.models.len());
            }
        }
        Edit::RenameModel(m) => {
            let named = &mut at(&mut schema.models, m)?.named;
            let old = named.name.clone();
            named.rename(format!("M{n}"));
            let ends = schema.links.iter_mut().flat_map(|link| [&mut link.from, &mut link.to]);
            ends.filter(|end| **end == old).for_each(|end| *end = format!("M{n}"));
        }
        Edit::MapModel(m, map) => at(&mut schema.models, m)?.named.map = map,
        Edit::ChangeId(m, id) => at(&mut schema.models, m)?.id = id,
        Edit::AddLink(a, b, mut link) => {
            link.name = format!("r{n}");
            link.from = at(&mut schema.models, a)?.named.name.clone();
            link.to = at(&mut schema.models, b)?.named.name.clone();
            schema.links.push(link);
        }
        Edit::DropLink(l) => {
            schema.links.remove(usize::from(l).checked_rem(schema.links.len())?);
        }
        Edit::ChangeLink(l, kind, optional, on_delete) => {
            let link = at(&mut schema.links, l)?;
            (link.kind, link.optional, link.on_delete) = (kind, optional, on_delete);
        }
        Edit::AddEnum(mut e) => {
            e.named.name = format!("E{n}");
            e.values.iter_mut().enumerate().for_each(|(i, value)| value.name = format!("V{n}_{i}"));
            schema.enums.push(e);
        }
        Edit::DropEnum(e) => {
            schema.enums.remove(usize::from(e).checked_rem(schema.enums.len())?);
        }
        Edit::RenameEnum(e) => {
            let named = &mut at(&mut schema.enums, e)?.named;
            let old = named.name.clone();
            named.rename(format!("E{n}"));
            let fields = schema.models.iter_mut().flat_map(|m| &mut m.fields);
            fields.filter(|f| f.of.as_ref() == Some(&old)).for_each(|f| f.of = Some(format!("E{n}")));
        }
        Edit::MapEnum(e, map) => at(&mut schema.enums, e)?.named.map = map,
        Edit::AddValue(e, position, map) => {
            let values = &mut at(&mut schema.enums, e)?.values;
            values.insert(usize::from(position) % (values.len() + 1), Named::new(format!("V{n}"), map));
        }
        Edit::DropValue(e, position) => {
            let values = &mut at(&mut schema.enums, e)?.values;
            if values.len() > 1 {
                values.remove(usize::from(position) % values.len());
            }
        }
    }
    Some(())
}

fn numbered(mut model: Model, n: usize) -> Model {
    model.named.name = format!("M{n}");
    model.fields.iter_mut().enumerate().for_each(|(i, field)| field.named.name = format!("f{n}_{i}"));
    model
}

/// OLD and NEW, which is some changes later.
pub fn pair() -> impl Strategy<Value = (Blueprint, Blueprint)> {
    let start = (vec(model(), 1..4), vec(values(), 0..3), vec(edit(), 0..8));
    (start, vec(edit(), 1..5)).prop_map(|((models, enums, edits), changes)| {
        let mut old = Blueprint::default();
        let parts = models.into_iter().map(Edit::AddModel).chain(enums.into_iter().map(Edit::AddEnum)).chain(edits);
        for (n, edit) in parts.enumerate() {
            apply(&mut old, edit, n);
        }
        old.settle();
        let mut new = old.clone();
        for (n, edit) in changes.into_iter().enumerate() {
            apply(&mut new, edit, 100 + n);
        }
        (old, new)
    })
}
