namespace BillingPortal.Analytics;

/// <summary>Answers of a running portal, for the description.</summary>
internal static class AnalyticsExamples
{
    public const string Usage =
        """
        {"unit":"credits","period":{"from":"2026-11-14","to":"2026-11-20"},"previous":{"from":"2026-11-07","to":"2026-11-13"},
         "group":"service","tag":null,"by":"day","service":null,
         "total":{"uses":24,"used":1000,"givenBack":0,"spent":1000},
         "rows":[{"kind":"value","key":"voice","sums":{"uses":24,"used":1000,"givenBack":0,"spent":1000},"quantity":28.05,
          "quantityUnit":"minute","share":1,"previousSpent":900}],
         "columns":[{"from":"2026-11-14","to":"2026-11-14","spent":[50]}],
         "books":{"debits":1000,"settled":0,"reserved":0,"used":1000,"givenBack":0,"otherDebits":0},"values":0,"tags":["agent","line"]}
        """;

    public const string Csv =
        "from,to,group,row,key,uses,quantity,quantity_unit,used,given_back,spent,unit,share,previous_from,previous_to,previous_spent\n"
        + "2026-11-14,2026-11-20,service,value,voice,24,28.05,minute,1000,0,1000,credits,0.485,2026-11-07,2026-11-13,900\n";

    public const string Budgets =
        """
        month,service,budget,used,used_percent,forecast,reached_at,warn_at_percent,reached_percent,unit
        2026-11-01,voice,1000,820,82,1180,2026-11-25T12:00:00.000Z,50 80 100,50 80,credits
        """;
}
