using AngleSharp.Dom;
using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.Tenants;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using static BillingPortal.Tests.Messaging.TestMessages;

namespace BillingPortal.Tests.Messaging;

public sealed class SmsPartsTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public SmsPartsTests() => Services.AddSingleton(new CurrentTenant());

    [Fact]
    public void A_text_of_a_stranger_is_text_whatever_is_in_it()
    {
        var body = Render<SmsBody>(parameters => parameters.Add(
            part => part.Text, "<script>alert(1)</script> \u202Efdp.exe\u202C\u0007\n\tend \U000E0041"));

        var bdi = body.Find("bdi.sms-body");
        Assert.Equal("auto", bdi.GetAttribute("dir"));
        Assert.Empty(body.FindAll("script"));
        Assert.Contains("<script>alert(1)</script> ", bdi.TextContent, StringComparison.Ordinal);
        Assert.Equal(["RLO", "PDF", "BEL", "TAB", "?"], body.FindAll(".sms-sign").Select(sign => sign.TextContent));
        Assert.DoesNotContain('\u202E', bdi.TextContent);
        Assert.Contains("Hidden character U+202E", body.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Emoji_and_other_scripts_are_left_as_they_are()
    {
        const string text = "👨‍👩‍👧 می‌خواهم\nحسنا";

        Assert.Equal(text, Render<SmsBody>(parameters => parameters.Add(part => part.Text, text)).Find("bdi").TextContent);
    }

    // 153 letters would fit; the 152nd is followed by a bracket, which takes two places.
    [Fact]
    public void The_preview_marks_the_character_where_it_stands_and_each_segments_beginning()
    {
        var text = new string('a', 80) + "’";
        var preview = Preview(text);

        Assert.Equal("’", preview.Find("mark.sms-special").TextContent);
        Assert.Contains("“'” would not", preview.Find("mark").GetAttribute("title"), StringComparison.Ordinal);
        Assert.Equal("2", preview.Find(".sms-cut").TextContent);
        Assert.StartsWith(new string('a', 67) + "2", preview.Find("div").TextContent, StringComparison.Ordinal);

        var plain = Preview(new string('a', 152) + "[" + new string('b', 10));
        Assert.StartsWith(new string('a', 152) + "2[", plain.Find("div").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_cut_or_marked_the_preview_is_the_whole_text()
    {
        foreach (var text in SampleMessages.Strange.Concat(["😀", string.Concat(Enumerable.Repeat("👨‍👩‍👧", 40)), "x\u00A0y"]))
        {
            var preview = Preview(text);
            foreach (var added in preview.FindAll(".sms-cut, .sms-sign"))
            {
                added.Remove();
            }

            var signs = SmsBodyText.Parts(text).Where(part => part.Code is null).Select(part => part.Text);
            Assert.Equal(
                string.Concat(signs).Replace('\u00A0', '\u237D'), preview.Find("div").TextContent);
        }
    }

    [Fact]
    public async Task Typing_shows_what_it_costs_and_one_press_replaces_all()
    {
        var text = "It’s “free” – really " + new string('x', 60);
        var field = Field(text, changed => text = changed);

        Assert.Equal("UCS-2", field.Find("[data-testid=t-encoding]").TextContent);
        Assert.Equal("2 segments", field.Find("[data-testid=t-segments]").TextContent);
        Assert.Contains("Replaced, it would be 1 segment.", field.Find("[data-testid=t-guilty]").TextContent, StringComparison.Ordinal);
        await Button(field, "Replace all").ClickAsync(new());

        Assert.Equal("It's \"free\" - really " + new string('x', 60), text);
        field = Field(text, _ => { });
        Assert.Equal("GSM-7", field.Find("[data-testid=t-encoding]").TextContent);
        Assert.Empty(field.FindAll("[data-testid=t-guilty]"));
    }

    [Fact]
    public void A_text_that_is_too_long_says_by_how_much()
    {
        var field = Field(new string('a', 1_603), _ => { });

        Assert.Contains("Too long by 3 characters", field.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmsState.Delivered, SmsPayment.Charged, null, "5 credits charged.")]
    [InlineData(SmsState.Undelivered, SmsPayment.Refunded, 30003, "5 credits charged and given back, because it did not arrive.")]
    [InlineData(SmsState.Refused, SmsPayment.Released, 21610, "Nothing was charged: it was not sent.")]
    [InlineData(SmsState.Unknown, SmsPayment.Held, null, "5 credits reserved until it is known whether it was sent.")]
    public void A_row_says_in_words_what_became_of_its_price(SmsState state, SmsPayment payment, int? code, string words)
    {
        var table = Table(Message(Now, state, payment, errorCode: code));

        Assert.StartsWith(words, table.Find(".sms-payment").TextContent.Trim(), StringComparison.Ordinal);
        if (code is { } number)
        {
            Assert.Contains(SmsTroubles.Of(number).Meaning, table.Find(".notice").TextContent, StringComparison.Ordinal);
            Assert.Contains(SmsTroubles.Of(number).Meaning, table.Find(".sms-why").TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_timeline_tells_each_step_and_the_entry_can_be_looked_at()
    {
        var table = Table(Message(Now));

        Assert.Equal(
            ["Recorded, its price reserved", "Taken by the provider", "Given to the network", "Arrived on the phone"],
            table.FindAll(".sms-step-what").Select(step => step.TextContent.Trim()));
        Assert.StartsWith(
            "/transactions?unit=credits&cursor=", table.Find(".sms-payment a").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_figure_of_the_picture_stands_in_the_table()
    {
        var day = new DateOnly(2026, 11, 19);
        var figures = Figures(
            new SmsDay(day, SmsSums.None(Unit.Credits) with { Sent = 10, Delivered = 8, Failed = 1, Received = 3 }),
            new SmsDay(day.AddDays(1), SmsSums.None(Unit.Credits) with { Sent = 4, Delivered = 4 }));

        var chart = Render<SmsDayChart>(parameters => parameters.Add(part => part.Figures, figures));

        Assert.Equal(["Fri 20 Nov 2026|4|4|0|0|0", "Thu 19 Nov 2026|10|8|1|3|0"], chart.FindAll("tbody tr")
            .Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent.Trim()))));
        Assert.Contains("14 messages sent, 12 of them delivered", chart.Find("svg").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_period_is_drawn_in_weeks_that_together_are_all_its_days()
    {
        var first = new DateOnly(2026, 1, 1); // a Thursday
        var days = Enumerable.Range(0, 365).Select(n => new SmsDay(
            first.AddDays(n), SmsSums.None(Unit.Credits) with { Sent = n })).ToList();

        var weeks = SmsPlotGeometry.ColumnsOf(days);

        Assert.Equal((53, first, new DateOnly(2026, 1, 5)), (weeks.Count, weeks[0].Day, weeks[1].Day));
        Assert.Equal(days.Sum(day => day.Sums.Sent), weeks.Sum(week => week.Sums.Sent));
    }

    private static SmsFigures Figures(params SmsDay[] days) => new(
        Unit.Credits, days.Select(day => day.Sums).Aggregate((left, right) => left + right), Amount.Zero(Unit.Usd), days, [], []);

    private IRenderedComponent<SmsPreview> Preview(string text) => Render<SmsPreview>(parameters => parameters
        .Add(part => part.Text, text).Add(part => part.Shape, SmsSegments.Measure(text)));

    private IRenderedComponent<SmsTextField> Field(string text, Action<string> changed) =>
        Render<SmsTextField>(parameters => parameters.Add(part => part.Id, "t").Add(part => part.Label, "Text")
            .Add(part => part.Text, text).Add(part => part.TextChanged, changed));

    private IRenderedComponent<SmsTable> Table(SmsMessage message) => Render<SmsTable>(parameters => parameters
        .Add(part => part.Rows, [new SmsRow(message, [.. StepsOf(message)], message.EntrySeq)]).Add(part => part.LabelOf, _ => null));

    private static IElement Button(IRenderedComponent<SmsTextField> field, string text) =>
        field.FindAll("button").Single(button => button.TextContent.Trim() == text);
}
