using AngleSharp.Dom;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Keys;
using BillingPortal.Tests.Support;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants;

/// <summary>The parts of the page API keys, state by state, and what it asks before a key ends.</summary>
public sealed class KeyPartsTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public KeyPartsTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(Sessions.Of(Sessions.Tenant()));
    }

    [Fact]
    public void The_table_says_of_each_key_what_it_may_who_made_it_and_what_can_be_done()
    {
        var table = Table(canChange: true, Key(), Key(expires: Now.AddHours(1)));

        Assert.Equal(
            [
                "robot bp_live_abc…|Read, Billing|20 Nov 2026, 11:00 by Ada Lovelace (owner)|Never|Works|Rotate Limit Revoke",
                "robot bp_live_abc…|Read, Billing|20 Nov 2026, 11:00 by Ada Lovelace (owner)|Never|"
                    + "Runs out works until 20 Nov 2026, 13:00|Limit Revoke",
            ],
            Rows(table));
    }

    [Fact]
    public void Keys_that_ended_have_no_button()
    {
        var table = Table(canChange: false, Key(expires: Now), Key(revoked: Now.AddMinutes(-1)));

        Assert.Empty(table.FindAll("button"));
        Assert.Equal(["Replaced 20 Nov 2026, 12:00", "Revoked 20 Nov 2026, 11:59"], Rows(table).Select(row => row.Split('|')[4]));
    }

    [Theory]
    [InlineData(KeyOutcome.NameMissing, "#key-name-fault", "Give the key a name")]
    [InlineData(KeyOutcome.NameTooLong, "#key-name-fault", "more than 100 characters")]
    [InlineData(KeyOutcome.ScopesMissing, "#key-scopes-fault", "at least one thing")]
    [InlineData(KeyOutcome.LimitOutOfRange, "#key-limit-fault", "from 1 to 100,000")]
    [InlineData(KeyOutcome.TooMany, ".notice-bad", "20 working keys")]
    public void A_refusal_stands_at_its_field(KeyOutcome outcome, string place, string words)
    {
        var draft = new KeyDraft();
        Assert.True(draft.Takes(outcome));

        Assert.Contains(words, Render<KeyForm>(p => p.Add(x => x.Draft, draft)).Find(place).TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(" 600 ", 600)]
    [InlineData("1,000", 1000)]
    [InlineData("many", 0)]
    [InlineData("2.5", 0)]
    public void A_limit_is_read_as_it_is_typed_and_what_is_none_is_left_to_be_refused(string typed, int? limit)
    {
        Assert.Equal(limit, new KeyDraft { Name = "robot", Limit = typed }.Wish.RequestsPerMinute);
        Assert.Equal(limit, new LimitDraft(Key()) { Limit = typed }.Wish);
    }

    [Fact]
    public void The_form_begins_with_the_least_and_takes_what_is_ticked()
    {
        var draft = new KeyDraft();
        var form = Render<KeyForm>(p => p.Add(x => x.Draft, draft));
        Assert.Equal(ApiScopes.Read, draft.Scopes);

        form.FindAll("input[type=checkbox]")[0].Change(false);
        form.FindAll("input[type=checkbox]")[2].Change(true);

        Assert.Equal(ApiScopes.Billing, draft.Scopes);
    }

    [Fact]
    public void The_rotation_warns_when_the_old_key_ends_at_once()
    {
        var draft = new RotationDraft(Key());
        var form = Render<RotateForm>(p => p.Add(x => x.Draft, draft));
        Assert.Equal(KeyOverlap.Day, draft.Overlap);
        Assert.Empty(form.FindAll(".notice"));

        form.FindAll("input[type=radio]")[0].Change("on");

        Assert.Equal(KeyOverlap.None, draft.Overlap);
        Assert.Contains("refused (401)", form.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.True(draft.Takes(KeyOutcome.TooMany));
        Assert.False(draft.Takes(KeyOutcome.NotThere)); // the page's to say: the form is of no use any more
    }

    [Fact]
    public void The_question_before_the_end_says_what_stops_and_when_it_was_used()
    {
        var question = KeyTexts.RevokeQuestion(Key(used: Now.AddHours(-2)), Now, "UTC");

        Assert.Contains(
            "can no longer read balances and transactions; or buy credits or change auto-recharge.", question.Sentence,
            StringComparison.Ordinal);
        Assert.Contains(new("Last used", "20 Nov 2026, 10:00"), question.Facts);
        Assert.Contains(new("Last used", "Never"), KeyTexts.RevokeQuestion(Key(), Now, "UTC").Facts);
        Assert.Contains(
            "a program is using it",
            KeyTexts.RevokeQuestion(Key(used: Now.AddSeconds(-50)), Now, "UTC").Facts[1].Value, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Rows(IRenderedComponent<KeyTable> table) => table.FindAll("tbody tr").Select(row =>
        string.Join('|', row.Children.Select(cell => Words(string.Join(
            ' ', cell.GetDescendants().OfType<IText>().Select(text => text.Data))))));

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private IRenderedComponent<KeyTable> Table(bool canChange, params ApiKey[] keys) => Render<KeyTable>(p => p
        .Add(x => x.Title, "Keys").Add(x => x.Keys, keys).Add(x => x.Now, Now).Add(x => x.CanChange, canChange));

    private static ApiKey Key(DateTimeOffset? expires = null, DateTimeOffset? revoked = null, DateTimeOffset? used = null) => new()
    {
        Id = Ids.New(),
        TenantId = Ids.New(),
        Name = "robot",
        Prefix = "bp_live_abc",
        KeySha256 = new byte[32],
        Scopes = ApiScopes.Read | ApiScopes.Billing,
        CreatedAt = Now.AddHours(-1),
        CreatedBy = "Ada Lovelace (owner)",
        ExpiresAt = expires,
        RevokedAt = revoked,
        LastUsedAt = used,
    };
}
