using BillingPortal.Ledger;
using BillingPortal.Processes;
using BillingPortal.Support;
using BillingPortal.Tests.Desk;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Crash;

/// <summary>The sweep of the staff's refunds as a process of its own, killed with SIGKILL while Stripe works on one.</summary>
public sealed class KilledRefundTests(DeskScene scene) : IClassFixture<DeskScene>
{
    private const int LooksMax = 8;

    // Stripe has made the refund and hangs; or it has not begun and hangs.
    [Theory]
    [InlineData("timeout_after", 1)]
    [InlineData("slow", 0)]
    public async Task A_refund_whose_process_was_killed_is_made_once_and_booked_once(string fault, int made)
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.Portal.Sandbox.FaultAsync("disconnect", path: "refunds");
        var action = (await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase))).Action!;
        Assert.Equal(StaffActionState.Executing, action.State);

        await scene.Portal.Sandbox.FaultAsync(fault, path: "refunds", milliseconds: 15_000);
        await scene.AbandonAsync(action.Id);
        await using (var doomed = Start())
        {
            await UntilAsync(async () => (await scene.ActionAsync(action.Id)).Asks == 2
                && (await scene.RefundsAtStripeAsync(purchase)).Count == made);
            await doomed.KillAsync();
        }

        await scene.Portal.Sandbox.ResetAsync();
        Assert.Equal(StaffActionState.Executing, (await scene.ActionAsync(action.Id)).State);
        // Stripe may still hold the key of the call that died: then it says so, and the next look is a moment later.
        for (var looks = 0; looks < LooksMax && (await scene.ActionAsync(action.Id)).EndedAt is null; looks++)
        {
            await scene.AbandonAsync(action.Id);
            await using var one = Start();
            await using var two = Start();
            await Task.WhenAll(one.WaitForExitAsync(), two.WaitForExitAsync());
            Assert.Contains(0, new[] { one.ExitCode, two.ExitCode }); // one runs; the other may be told so
        }

        Assert.Equal(StaffActionState.Done, (await scene.ActionAsync(action.Id)).State);
        Assert.Equal((1, 1100L), await scene.RefundsAtStripeAsync(purchase));
        Assert.Equal((500m, 0m), await scene.BooksAsync(buyer.Id));
        Assert.Single(await scene.EntriesAsync(buyer.Id, EntryKind.Refund));
        await scene.AssertBooksAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !await isSo(); await Task.Delay(50))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(1), "The job never asked Stripe.");
        }
    }

    private RunningProcess Start() => PortalProcess.RunVerb(
        scene.Portal.Connections.Owner, scene.Portal.Sandbox.BaseUri, new Dictionary<string, string>
        {
            ["Sandbox__FollowsClock"] = "false",
            ["Stripe__TimeoutSeconds"] = "60",
        }, "job", "staff-refunds");
}
