using BillingPortal.Data;
using BillingPortal.Support.Worklist;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Desk;

/// <summary>A platform on which nothing waits.</summary>
public sealed class WorklistEmptyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Nothing_waits_where_nothing_is_wrong()
    {
        var reader = new WorklistReader(postgres.Database, postgres.Clock);

        var page = await reader.ReadAsync(only: null);

        Assert.True(page.IsEmpty);
        Assert.Equal((0, false), (page.Items.Count, page.HasMore));
        Assert.Equal(Enum.GetValues<WorkKind>().Order(), page.Counts.Keys.Order());
        Assert.All(Enum.GetValues<WorkKind>(), kind => Assert.Equal(kind, TextCodes.Parse<WorkKind>(TextCodes.Of(kind))));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => reader.ReadAsync(only: null, 501));
    }
}
