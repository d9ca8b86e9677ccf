create schema if not exists directory;

create table directory.organisation (
    id text primary key,
    kind text not null check (kind in ('city', 'district', 'station', 'department')),
    parent text,
    path text[] not null,
    name text not null,
    short_name text not null default '',
    lon float8,
    lat float8,
    address text not null default '',
    hours text not null default '',
    contact text not null default '',
    phone text not null default '',
    photo uuid,
    sort int not null default 0,
    auto_answer bool not null default false,
    active bool not null default true,
    version bigint not null
);
create index organisation_path on directory.organisation using gin (path);

create table directory.person (
    id uuid primary key,
    code text not null,
    kind text not null check (kind in ('deputy', 'staff', 'attendee', 'handler')),
    name text not null,
    pinyin text not null default '',
    gender text not null default '',
    org text not null,
    path text[] not null,
    delegation text not null default '',
    district text not null default '',
    term text not null default '',
    post text not null default '',
    phone text not null default '',
    openid text not null default '',
    phone_bad text not null default '',
    openid_bad text not null default '',
    opt_out text[] not null default '{}',
    tags text[] not null default '{}',
    active bool not null default true,
    version bigint not null
);
-- Deferrable means checked at the end of the statement: one import may let two people swap codes.
alter table directory.person add constraint person_code unique (code) deferrable initially immediate;
alter table directory.person add constraint person_openid
    exclude (openid with =) where (active and openid <> '') deferrable initially immediate;
create index person_path on directory.person using gin (path);
create index person_tags on directory.person using gin (tags);
create index person_org on directory.person (org);
create index person_phone on directory.person (phone) where phone <> '';

create table directory.team (
    id uuid primary key,
    name text not null,
    kind text not null default '',
    scope text not null default 'city',
    note text not null default '',
    version bigint not null
);

-- ref: person:<uuid> or station:<n>.
create table directory.team_member (
    team uuid not null references directory.team on delete cascade,
    ref text not null,
    primary key (team, ref)
);
create index team_member_ref on directory.team_member (ref);

create table directory.roster (
    id uuid primary key,
    org text not null,
    day date not null,
    starts timestamptz not null,
    ends timestamptz not null check (ends > starts),
    person uuid not null,
    duty text not null default '',
    backup uuid,
    version bigint not null
);
create index roster_day on directory.roster (day, org);
create index roster_hours on directory.roster (starts, ends);

-- id: the organisation whose area it is; geojson: a GeoJSON Feature, WGS 84.
create table directory.outline (
    id text primary key,
    geojson jsonb not null
);
