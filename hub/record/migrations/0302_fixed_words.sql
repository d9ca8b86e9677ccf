-- A message whose fate is not known is found again at the vendor by its words: nothing that happens after it was
-- handed over (an extension, a renamed station) may change them.

alter table dispatch.attempt add column link_until timestamptz;

alter table dispatch.delivery
  add column station_name text not null default '',
  add column district_name text not null default '';
update dispatch.delivery d
   set station_name = coalesce((select name from directory.organisation where id = d.station), ''),
       district_name = coalesce((select name from directory.organisation where id = d.district), '');
