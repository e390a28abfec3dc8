namespace BillingPortal.Tenants.Mail;

/// <summary>
/// One mail to one person about the person's own sign-in, or to somebody who is invited. Not a tenant's notice: no preference
/// holds it back, and no log keeps its words, for they may carry a link that opens something.
/// </summary>
/// <param name="To">The address.</param>
/// <param name="Kind">For the provider's statistics: an ASCII word.</param>
/// <param name="Subject">One line.</param>
/// <param name="Why">The foot's sentence: why this came, and what to do when it was not expected.</param>
/// <param name="Template">A Razor component of plain tags, by its type's name.</param>
/// <param name="Parameters">The component's, by name; formatted texts.</param>
/// <param name="NotAfter">Later it is of no use and is not sent.</param>
public sealed record PersonMail(
    string To, string Kind, string Subject, string Why, string Template, IReadOnlyDictionary<string, string?> Parameters,
    DateTimeOffset? NotAfter)
{
    public override string ToString() => $"Mail {Kind}";
}
