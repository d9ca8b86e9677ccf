-- Bookings of the year's topics; points that appeals have brought. All of it is made from the journal.
create table duties.booking(
  topic  uuid not null,
  person text collate "C" not null,
  year   int not null,
  joined bigint not null,                              -- place in the journal: the order of booking
  booked bool not null,
  chosen bool,                                         -- null before it is confirmed
  primary key(topic, person));
create index on duties.booking(person, year);

create table duties.booking_year(
  year    int not null,
  person  text collate "C" not null,
  version bigint not null,
  primary key(year, person));

alter table duties.appeal add column points float8 not null default 0;
create index on duties.appeal(year, person);
