-- What is not told by events stands apart, so that the rows beside it can be written anew from the journal.
create table exchange.asked(
  package uuid primary key,
  due     timestamptz not null);                         -- not asked again before
insert into exchange.asked select id, due from exchange.package where state = 'received' and due is not null;
delete from exchange.province where up is null;
