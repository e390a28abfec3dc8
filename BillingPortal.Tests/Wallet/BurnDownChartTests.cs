using BillingPortal.Kernel;
using BillingPortal.Wallet;
using Bunit;

namespace BillingPortal.Tests.Wallet;

public sealed class BurnDownChartTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    // Three days of 10 calls and 5 messages, a top-up of 100 on the second; 75 left, at 15 a day the threshold of 30 comes in 3 days.
    private static BurnDown Data(Amount? threshold) => new(
        Unit.Credits,
        [Day(18, balance: 5, toppedUp: 0), Day(19, balance: 90, toppedUp: 100), Day(20, balance: 75, toppedUp: 0)],
        threshold,
        new Forecast(Amount.Credits(75), Amount.Credits(15), Now.AddDays(5), threshold is null ? null : Now.AddDays(3)));

    [Fact]
    public void Every_figure_of_the_picture_stands_in_the_table()
    {
        var chart = Chart(Amount.Credits(30));

        var rows = chart.FindAll("tbody tr")
            .Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent.Trim())));
        Assert.Equal(
            ["Fri 20 Nov|10|5|0|75", "Thu 19 Nov|10|5|100|90", "Wed 18 Nov|10|5|0|5"], rows);
        Assert.Equal(["Voice calls 30 credits", "SMS sent 15 credits"], chart.FindAll(".legend li").Take(2)
            .Select(item => string.Join(' ', item.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void The_next_recharge_is_drawn_where_the_forecast_meets_the_threshold()
    {
        var chart = Chart(Amount.Credits(30));

        var mark = chart.Find(".wide .recharge-mark circle");
        var threshold = chart.Find(".wide .threshold");
        Assert.Equal(threshold.GetAttribute("y1"), mark.GetAttribute("cy"));
        Assert.EndsWith(
            $"L{mark.GetAttribute("cx")} {mark.GetAttribute("cy")}",
            chart.Find(".wide .forecast-line").GetAttribute("d"), StringComparison.Ordinal);
        Assert.Contains("the next recharge is on Mon 23 Nov", chart.Find("svg").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_auto_recharge_the_forecast_runs_down_to_nothing()
    {
        var chart = Chart(threshold: null);

        Assert.Empty(chart.FindAll(".recharge-mark"));
        Assert.Empty(chart.FindAll(".threshold"));
        Assert.Contains("it lasts until Wed 25 Nov", chart.Find("svg").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    // 75 left at 15 a day; 30 for two numbers after two days: the line steps from 45 to 15 and ends a day later.
    [Fact]
    public void A_renewal_is_a_step_of_the_forecast_marked_and_told()
    {
        var renewals = new Renewal[] { new(Now.AddDays(2), Amount.Credits(30), Numbers: 2) };
        var data = Data(threshold: null) with
        {
            Forecast = new Forecast(Amount.Credits(75), Amount.Credits(15), Now.AddDays(3), null) { Renewals = renewals },
        };
        var chart = Render<BurnDownChart>(parameters => parameters
            .Add(one => one.Data, data).Add(one => one.Now, Now).Add(one => one.Zone, TimeZoneInfo.Utc));

        var points = chart.Find(".wide .forecast-line").GetAttribute("d")!.Split('M', 'L').Skip(1).ToList();
        Assert.Equal(4, points.Count);
        Assert.Equal(points[1].Split(' ')[0], points[2].Split(' ')[0]);
        var mark = chart.Find(".wide .renewal-mark");
        Assert.Equal("2 numbers renew for 30 credits on Sun 22 Nov", mark.QuerySelector("title")!.TextContent);
        Assert.StartsWith($"M{points[2].Split(' ')[0]} ", mark.QuerySelector("path")!.GetAttribute("d"), StringComparison.Ordinal);
        Assert.Contains("Sun 22 Nov: 2 numbers renew for 30 credits", chart.Markup, StringComparison.Ordinal);
        Assert.Contains(
            "2 numbers renew for 30 credits on Sun 22 Nov. At this pace it lasts until Mon 23 Nov.",
            chart.Find("svg").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    private IRenderedComponent<BurnDownChart> Chart(Amount? threshold) => Render<BurnDownChart>(parameters => parameters
        .Add(chart => chart.Data, Data(threshold)).Add(chart => chart.Now, Now).Add(chart => chart.Zone, TimeZoneInfo.Utc));

    private static DayOfUse Day(int day, int balance, int toppedUp) => new(
        new DateOnly(2026, 11, day), Amount.Credits(balance),
        new Dictionary<string, Amount> { ["voice"] = Amount.Credits(10), ["sms_outbound"] = Amount.Credits(5) },
        Amount.Credits(toppedUp));
}
