using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>The control page has what it shows, and its scripts are served.</summary>
public sealed class ControlPageTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Theory]
    [InlineData("", "4000 0000 0000 0341")]
    [InlineData("stripe.js", "window.Stripe")]
    [InlineData("assets/control.js", "refresh")]
    [InlineData("assets/control.css", ".mails")]
    [InlineData("assets/phone.js", "refreshPhone")]
    [InlineData("assets/phone.css", ".bubble")]
    [InlineData("assets/sandbox.css", ".ribbon")]
    [InlineData("challenge", "challenge-complete")]
    public async Task Pages_and_scripts_are_served(string path, string part) =>
        Assert.Contains(part, await sandbox.Http.GetStringAsync(path), StringComparison.Ordinal);

    [Fact]
    public async Task The_overview_names_saved_cards_events_and_mail()
    {
        var customer = await sandbox.Stripe.CustomerAsync("overview@acme.example");
        var card = await sandbox.Stripe.SavedCardAsync(customer);
        await sandbox.Stripe.ChargeOffSessionAsync(customer, card, 2200);

        var overview = (await sandbox.Http.GetFromJsonAsync<JsonObject>("control/overview"))!;

        var row = Assert.Single(overview["cards"]!.AsArray(), one => (string)one!["id"]! == card)!;
        Assert.Equal(("overview@acme.example", 2200), ((string)row["customer"]!, (long)row["succeededAmount"]!));
        var entry = overview["events"]!.AsArray().First(one => (string)one!["type"]! == "payment_intent.succeeded")!;
        var body = await sandbox.Http.GetFromJsonAsync<JsonObject>($"control/events/{entry["id"]}");
        Assert.Equal((string)entry["subject"]!, (string)body!["data"]!["object"]!["id"]!);
    }
}
