-- PostgreSQL checks a foreign key as the owner, past row-level security: a tenant's row could point at another tenant's, and whether
-- that was refused would tell if it exists. So where both tables have a tenant, a tenant's session may only point at what it sees.
DO $$
DECLARE
  f record;
  v_seen text;
  v_name text;
  v_names text[] := '{}';
BEGIN
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
    -- Only what is missing or other than before: making a policy waits for everybody who uses the table.
    FOREACH v_name IN ARRAY ARRAY['new', 'set'] LOOP
      v_names := v_names || ('own_reference_' || v_name || '_' || left(f.conname, 36) || '_' || left(md5(f.conname), 8));
      CONTINUE WHEN EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = f.child AND p.polname = v_names[cardinality(v_names)]
                            AND NOT p.polpermissive AND obj_description(p.oid, 'pg_policy') = md5(v_seen));
      EXECUTE format('DROP POLICY IF EXISTS %I ON %s', v_names[cardinality(v_names)], f.child);
      EXECUTE format('CREATE POLICY %I ON %s AS RESTRICTIVE FOR %s TO portal_app %s WITH CHECK (%s)', v_names[cardinality(v_names)], f.child,
                     CASE v_name WHEN 'new' THEN 'INSERT' ELSE 'UPDATE' END, CASE v_name WHEN 'set' THEN 'USING (true)' ELSE '' END, v_seen);
      EXECUTE format('COMMENT ON POLICY %I ON %s IS %L', v_names[cardinality(v_names)], f.child, md5(v_seen));
    END LOOP;
  END LOOP;
  FOR f IN SELECT format('DROP POLICY %I ON %s', p.polname, p.polrelid::regclass) AS statement
           FROM pg_policy p WHERE p.polname LIKE 'own\_reference\_%' AND p.polname <> ALL (v_names) LOOP
    EXECUTE f.statement;
  END LOOP;
END
$$;
