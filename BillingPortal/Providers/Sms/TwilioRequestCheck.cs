using System.Net.Http.Headers;
using BillingPortal.Kernel;
using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Sms;

/// <summary>A call to one of our addresses, as it came over the wire.</summary>
/// <param name="Target">Path and query, undecoded.</param>
public sealed record TwilioRequest(string Method, string Target, string? ContentType, string? Signature, byte[] Body);

/// <summary>What a call's signature says.</summary>
public enum TwilioCheckOutcome
{
    Valid,

    /// <summary>No header, or one that no signature looks like.</summary>
    Malformed,

    /// <summary>Neither a form nor JSON with its hash, or not whole: nothing that could have been signed.</summary>
    Unreadable,

    /// <summary>Not made with our token, or not for this address and these parameters.</summary>
    Forged,

    /// <summary>Signed, but about somebody else's account.</summary>
    OtherAccount,
}

/// <summary>
/// Tells whether a call comes from Twilio. The address that was signed is rebuilt from <c>App:PublicUrl</c>, never from
/// what the call says of its host. Nothing of a body is believed before.
/// </summary>
public sealed class TwilioRequestCheck(IOptions<TwilioOptions> options, IOptions<AppOptions> app)
{
    private const string HashName = "bodySHA256";

    /// <summary>The parameters where the outcome is <see cref="TwilioCheckOutcome.Valid"/>, else null: those of the
    /// address first, then those of the body.</summary>
    public (TwilioCheckOutcome Outcome, TwilioForm? Form) Read(TwilioRequest request)
    {
        if (!TwilioSignature.IsWellFormed(request.Signature))
        {
            return (TwilioCheckOutcome.Malformed, null);
        }

        if (Parse(request) is not var (query, body, isSignedByHash))
        {
            return (TwilioCheckOutcome.Unreadable, null);
        }

        var signed = isSignedByHash ? [] : body.Fields;
        if (!TwilioSignature.Fits(options.Value.AuthToken, request.Signature, Addresses(request.Target), signed)
            || (isSignedByHash && query.Text(HashName) != TwilioSignature.HashOf(request.Body)))
        {
            return (TwilioCheckOutcome.Forged, null);
        }

        var form = query.With(body);
        return form.Text("AccountSid") == options.Value.AccountSid
            ? (TwilioCheckOutcome.Valid, form)
            : (TwilioCheckOutcome.OtherAccount, null);
    }

    private static (TwilioForm Query, TwilioForm Body, bool IsSignedByHash)? Parse(TwilioRequest request)
    {
        var start = request.Target.IndexOf('?', StringComparison.Ordinal);
        if (!request.Target.StartsWith('/')
            || TwilioForm.Parse(start < 0 ? "" : request.Target[(start + 1)..]) is not { } query)
        {
            return null;
        }

        // What a GET says stands in its address; a POST may say nothing, but then in no format.
        var mediaType = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType : null;
        var isSignedByHash = query.Fields.Any(field => field.Name == HashName);
        var body = mediaType switch
        {
            "application/x-www-form-urlencoded" => TwilioForm.Parse(request.Body),
            "application/json" when isSignedByHash => TwilioForm.ParseJson(request.Body),
            null when request.Body.Length == 0 && string.IsNullOrEmpty(request.ContentType) => TwilioForm.Parse(""),
            _ => null,
        };
        return body is null ? null : (query, body, isSignedByHash);
    }

    // Twilio signs the address now with its port and now without, be it the usual one or not.
    private string[] Addresses(string target)
    {
        var own = app.Value.Link("/");
        return
        [
            $"{own.Scheme}://{own.Host}{target}",
            $"{own.Scheme}://{own.Host}:{own.Port}{target}",
        ];
    }
}
