namespace BillingPortal.Web.Description;

/// <summary>
/// What an endpoint says of itself beyond its types, for the description, the reference page and docs/api.md alike. It changes
/// nothing about what the endpoint does.
/// </summary>
public static class ApiText
{
    /// <summary>A call and its answer, as a running portal gave it. May be said several times, each under a name of its own.</summary>
    /// <param name="answer">JSON, or the first lines of another type.</param>
    /// <param name="request">The body; null for none.</param>
    /// <param name="at">The address called, where it is not the route itself; names after a dollar sign are the caller's.</param>
    public static TBuilder WithExample<TBuilder>(
        this TBuilder builder, string name, string answer, string? request = null, string? at = null, string type = ApiExample.Json)
        where TBuilder : IEndpointConventionBuilder =>
        With(builder, new ApiExample(name, answer, request, at, type));

    /// <summary>The codes of <see cref="ProblemCatalog"/> that this endpoint alone gives; those of all endpoints are added.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder builder, params string[] codes)
        where TBuilder : IEndpointConventionBuilder => With(builder, new ApiCodes(codes));

    /// <summary>The shapes of a body that the endpoint reads by hand.</summary>
    public static TBuilder WithBody<TBuilder>(this TBuilder builder, params Type[] shapes)
        where TBuilder : IEndpointConventionBuilder => With(builder, new ApiBody(shapes));

    private static TBuilder With<TBuilder>(TBuilder builder, object text)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(text));
        return builder;
    }
}

/// <summary>One call and its answer.</summary>
internal sealed record ApiExample(string Name, string Answer, string? Request, string? At, string Type)
{
    public const string Json = "application/json";
    public const string Pdf = "application/pdf";
    public const string Csv = "text/csv";

    public bool IsJson => Type == Json;
}

/// <summary>Codes of problems.</summary>
internal sealed record ApiCodes(IReadOnlyList<string> Codes);

/// <summary>Shapes of a body.</summary>
internal sealed record ApiBody(IReadOnlyList<Type> Shapes);
