using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace BillingPortal.Web;

/// <summary>The API description as a page, drawn from the document that <c>/openapi/v1.json</c> serves.</summary>
public sealed partial class ApiReferencePage(
    [FromKeyedServices(ApiDescription.DocumentName)] IOpenApiDocumentProvider descriptions, NavigationManager navigation)
    : ComponentBase
{
    // What a program needs first stands first; groups that are not named here follow, then the operators' calls.
    private static readonly string[] First =
        ["Credits", "Wallet", "Usage", "SMS", "Purchases", "Cards", "Auto-recharge", "Notifications", "Statements", "Invoices", "Receipts"];

    private static readonly string[] Last = ["Monthly billing", "Cron"];

    private OpenApiDocument? _document;

    private string Begin =>
        $"export PORTAL={navigation.BaseUri.TrimEnd('/')} API_KEY=your-key\n"
        + "curl \"$PORTAL/api/credits\" -H \"Authorization: Bearer $API_KEY\"";

    private IEnumerable<IGrouping<string, Entry>> Groups =>
        from path in _document?.Paths ?? []
        from operation in path.Value.Operations ?? []
        let entry = new Entry(path.Key, operation.Key.Method, operation.Value)
        group entry by entry.Operation.Tags?.FirstOrDefault()?.Name ?? "Other" into tagged
        orderby Place(tagged.Key), tagged.Key
        select tagged;

    protected override async Task OnInitializedAsync() => _document = await descriptions.GetOpenApiDocumentAsync();

    private static int Place(string group) => Array.IndexOf(First, group) is >= 0 and var first ? first
        : First.Length + Math.Max(0, Array.IndexOf(Last, group) + 1);

    private static string Anchor(string name) => "tag-" + name.ToLowerInvariant().Replace(' ', '-');

    private sealed record Entry(string Path, string Method, OpenApiOperation Operation);
}
