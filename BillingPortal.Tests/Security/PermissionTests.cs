using System.Collections.Concurrent;
using BillingPortal.Kernel;

namespace BillingPortal.Tests.Security;

/// <summary>
/// docs/permissions.md against the running portal: every address, asked by every kind of caller, lets in whom its row says
/// and nobody else. A new address without a row, or a row without an address, fails.
/// </summary>
public sealed class PermissionTests(PermissionPortal portal) : IClassFixture<PermissionPortal>
{
    [Fact]
    public void Every_address_has_a_row_and_every_row_an_address()
    {
        var addresses = portal.Addresses().Select(one => $"{one.Method} {one.Path}").ToHashSet(StringComparer.Ordinal);
        var rows = PermissionTable.Read().Rows.Keys.ToHashSet(StringComparer.Ordinal);

        AssertNone("Without a row in docs/permissions.md", addresses.Except(rows));
        AssertNone("Rows of addresses that do not exist", rows.Except(addresses));
    }

    [Fact]
    public async Task Each_caller_is_let_in_where_the_table_says_so_and_nowhere_else()
    {
        var table = PermissionTable.Read();
        Assert.Equal(table.Callers, portal.Callers.Select(caller => caller.Name));
        var wrong = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(
            from row in table.Rows from column in Enumerable.Range(0, table.Callers.Count) select (row, column),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (one, _) =>
            {
                var (address, expected, caller) = (one.row.Key, one.row.Value[one.column], portal.Callers[one.column]);
                var answer = await portal.AskAsync(caller.Http, address);
                if (answer.IsLetIn != expected || (!expected && answer.Text != Refusal(address, caller.Name)))
                {
                    wrong.Add($"{address} asked by {caller.Name}: {answer.Text}");
                }
            });

        AssertNone("Not as the table says", wrong);
    }

    // The matrix for staff that looks at the tenant: a viewer's pages and reads, of that tenant, and nothing that writes.
    [Fact]
    public async Task Staff_that_looks_at_a_tenant_may_read_what_a_viewer_may_and_write_nothing()
    {
        var table = PermissionTable.Read();
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            table.Rows.Keys,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (address, _) =>
            {
                var answer = await portal.AskAsync(portal.Viewing, address);
                if (answer.IsLetIn != table.IsOpenToViewing(address) || (!answer.IsLetIn && answer.Text != "403") || answer.Text == "500")
                {
                    wrong.Add($"{address}: {answer.Text}");
                }
            });

        AssertNone("Not as docs/permissions.md says", wrong);
    }

    // What belongs to one tenant is to another as if it did not exist; a new address with an id needs a sample. Pages are
    // driven in their own tests.
    [Fact]
    public async Task What_belongs_to_another_tenant_answers_like_what_does_not_exist()
    {
        var samples = await portal.SamplesAsync();
        var withId = portal.Addresses().Where(one => one.Path.Contains(":guid", StringComparison.Ordinal)
            && one.Path.StartsWith("/api/", StringComparison.Ordinal)
            && !one.Path.StartsWith("/api/staff/", StringComparison.Ordinal)).Select(one => $"{one.Method} {one.Path}");
        AssertNone("Without a sample", withId.Except(samples.Keys));

        foreach (var (address, sample) in samples)
        {
            var own = await portal.AskAsync(portal.Owner, address, sample.Id, sample.Body);
            var strange = await portal.AskAsync(portal.Stranger, address, sample.Id, sample.Body);
            var nothing = await portal.AskAsync(portal.Stranger, address, Ids.New(), sample.Body);

            Assert.True(strange == nothing, $"{address}: {strange.Text}, but {nothing.Text} for what does not exist");
            Assert.True(own != strange, $"{address}: the owner is answered {own.Text} as well; the sample proves nothing");
            var looking = await portal.AskAsync(portal.Viewing, address, sample.Id, sample.Body);
            Assert.Equal(address.StartsWith("GET ", StringComparison.Ordinal) ? own.Text : "403", looking.Text);
        }
    }

    private static void AssertNone(string what, IEnumerable<string> found)
    {
        var lines = found.Order(StringComparer.Ordinal).ToList();
        Assert.True(lines.Count == 0, $"{what}:\n{string.Join('\n', lines)}");
    }

    private static string Refusal(string address, string caller) =>
        caller is not "nobody" ? "403" : address.Contains("/api/", StringComparison.Ordinal) ? "401" : "sign in";
}
