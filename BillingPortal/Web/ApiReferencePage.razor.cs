using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace BillingPortal.Web;

/// <summary>The API description as a page, drawn from the document that <c>/openapi/v1.json</c> serves.</summary>
public sealed partial class ApiReferencePage(
    [FromKeyedServices(ApiDescription.DocumentName)] IOpenApiDocumentProvider descriptions, NavigationManager navigation) : ComponentBase
{
    private OpenApiDocument? _document;

    private string Address => navigation.BaseUri;

    private IEnumerable<IGrouping<string, Entry>> Groups =>
        from path in _document?.Paths ?? []
        from operation in path.Value.Operations ?? []
        let entry = new Entry(path.Key, operation.Key.Method, operation.Value)
        group entry by entry.Operation.Tags?.FirstOrDefault()?.Name ?? "Other" into tagged
        orderby tagged.Key
        select tagged;

    protected override async Task OnInitializedAsync() => _document = await descriptions.GetOpenApiDocumentAsync();

    private static string Anchor(string name) => "tag-" + name.ToLowerInvariant().Replace(' ', '-');

    private sealed record Entry(string Path, string Method, OpenApiOperation Operation);
}
