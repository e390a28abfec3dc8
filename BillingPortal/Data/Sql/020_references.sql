-- PostgreSQL checks a foreign key as the owner, past row-level security: a tenant's row could point at another tenant's, and whether
-- that was refused would tell if it exists. So where both tables have a tenant, a tenant's session may only point at what it sees.
DO $$
DECLARE
  f record;
  v_seen text;
BEGIN
  FOR f IN SELECT format('drop policy %I on %s', p.polname, p.polrelid::regclass) AS statement
           FROM pg_policy p WHERE p.polname LIKE 'own\_reference\_%' LOOP
    EXECUTE f.statement;
  END LOOP;
  FOR f IN
    SELECT k.conname, k.conrelid::regclass AS child, k.confrelid::regclass AS parent,
           string_agg(format('%I.%I', 'seen', p.attname) || ' = ' || format('%s.%I', k.conrelid::regclass, c.attname), ' AND ') AS same,
           string_agg(format('%s.%I IS NULL', k.conrelid::regclass, c.attname), ' OR ') AS none
    FROM pg_constraint k
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS x (child_column, parent_column)
    JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = x.child_column
    JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = x.parent_column
    WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND k.conrelid <> k.confrelid
      AND 2 = (SELECT count(*) FROM pg_attribute t
               WHERE t.attrelid IN (k.conrelid, k.confrelid) AND t.attname = 'tenant_id' AND NOT t.attisdropped)
    GROUP BY k.oid, k.conname, k.conrelid, k.confrelid
    HAVING NOT bool_or(c.attname = 'tenant_id')
  LOOP
    v_seen := format('%s OR EXISTS (SELECT FROM %s AS seen WHERE %s)', f.none, f.parent, f.same);
    EXECUTE format('CREATE POLICY %I ON %s AS RESTRICTIVE FOR INSERT TO portal_app WITH CHECK (%s)',
                   'own_reference_new_' || left(f.conname, 36) || '_' || left(md5(f.conname), 8), f.child, v_seen);
    EXECUTE format('CREATE POLICY %I ON %s AS RESTRICTIVE FOR UPDATE TO portal_app USING (true) WITH CHECK (%s)',
                   'own_reference_set_' || left(f.conname, 36) || '_' || left(md5(f.conname), 8), f.child, v_seen);
  END LOOP;
END
$$;
