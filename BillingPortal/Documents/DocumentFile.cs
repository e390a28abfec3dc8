namespace BillingPortal.Documents;

/// <summary>A finished file and what a browser should call it.</summary>
public sealed record DocumentFile(string Name, string ContentType, byte[] Content)
{
    public const string Pdf = "application/pdf";
    public const string Csv = "text/csv; charset=utf-8";
}
