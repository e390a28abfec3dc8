namespace BillingPortal.Support;

/// <summary>What people write beside a refund, an adjustment or a decision.</summary>
public static class StaffNotes
{
    /// <summary>With the reason in front it fits Stripe's 500 characters of metadata.</summary>
    public const int TenantMax = 300;
    public const int InternalMax = 1_000;
    private const int TenantMin = 5;

    /// <summary>Null when both can be stored; else what to do about it.</summary>
    public static string? Problem(string tenantNote, string? internalNote) => (tenantNote.Trim().Length, internalNote?.Length) switch
    {
        ( < TenantMin, _) => "Write a sentence for the tenant: it stands in their mail and beside the entry.",
        ( > TenantMax, _) => $"The note for the tenant is too long: {TenantMax} characters at most.",
        (_, > InternalMax) => $"The internal note is too long: {InternalMax} characters at most.",
        _ => null,
    };

    /// <summary>One line without control characters: it goes into mails, files and the books.</summary>
    public static string Line(string text) =>
        string.Join(' ', new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
