namespace BillingPortal.Documents.Statements;

/// <summary>Answers of a running portal, for the description.</summary>
internal static class StatementExamples
{
    public const string List =
        """
        {"statements":[{"month":"2026-11","unit":"credits","isFinal":false,"opening":609,"topUps":7000,"usage":-5813,
         "other":65,"closing":1861,"reserved":0,"debtClosing":0,"pdf":"/api/statements/2026-11.pdf?unit=credits",
         "csv":"/api/statements/2026-11.csv?unit=credits"}],"nextCursor":"MTphOjIwMjYtMTE6Y3JlZGl0cw"}
        """;

    public const string Csv =
        """
        month,unit,is_final,section,description,service,entries,quantity,quantity_unit,rate,amount
        2026-10,credits,true,opening,Opening balance,,,,,,1712
        2026-10,credits,true,top_ups,Payments,,6,,,,7000
        """;
}
