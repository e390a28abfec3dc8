using System.Text.Json;
using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Sms;

/// <summary>
/// Messages, numbers and calls at Twilio. A refusal is a result; a fault is a <see cref="ProviderException"/>. A call
/// whose outcome is unknown is looked up, never made again. Never called inside a database transaction.
/// </summary>
public sealed class TwilioClient : IDisposable
{
    private const int PageSize = 100;
    private const int PagesMax = 10;

    private readonly TwilioTransport _transport;
    private readonly Uri? _voiceApplication;

    public TwilioClient(IOptions<TwilioOptions> options, TimeProvider time, ILogger<TwilioClient> logger)
    {
        _transport = new TwilioTransport(options, time, logger);
        _voiceApplication = options.Value.VoiceApplicationUrl;
    }

    /// <summary>Sends one message. There is no key: after an unknown outcome, list the messages instead.</summary>
    public async Task<SendAnswer> SendAsync(OutgoingSms sms, CancellationToken cancellationToken = default)
    {
        var answer = await _transport.CreateAsync(
            "Messages",
            new TwilioFields
            {
                { "To", sms.To }, { "From", sms.From }, { "Body", sms.Body },
                { "StatusCallback", sms.StatusCallback.AbsoluteUri },
            },
            cancellationToken);
        return answer.IsRefusal
            ? new SendAnswer(null, TwilioMapping.ToRefusal(answer))
            : new SendAnswer(Created("a message", answer, TwilioMapping.ToMessage), null);
    }

    /// <summary>Null: there is no such message in the account.</summary>
    public async Task<SmsReport?> FindMessageAsync(string sid, CancellationToken cancellationToken = default) =>
        await _transport.GetAsync($"Messages/{Uri.EscapeDataString(sid)}", query: null, cancellationToken) is { } json
            ? TwilioTransport.Read("a message", isOutcomeUnknown: false, () => TwilioMapping.ToMessage(json))
            : null;

    /// <summary>Messages between two numbers from a time on, newest first, a thousand at most.</summary>
    public async Task<IReadOnlyList<SmsReport>> ListMessagesAsync(
        string from, string to, DateTimeOffset createdFrom, CancellationToken cancellationToken = default)
    {
        var found = new List<SmsReport>();
        var query = new TwilioFields { { "From", from }, { "To", to }, { "PageSize", PageSize } };
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var json = await _transport.GetAsync("Messages", query, cancellationToken);
            var page = Items(json, "messages", TwilioMapping.ToMessage);
            found.AddRange(page.Where(message => message.CreatedAt >= createdFrom));
            if (page.Count == 0 || page[^1].CreatedAt < createdFrom || NextPage(json) is not { } next)
            {
                break;
            }

            query = next;
        }

        return found;
    }

    /// <summary>Empty where nothing fits, and where Twilio sells no local numbers.</summary>
    public async Task<IReadOnlyList<NumberForSale>> SearchNumbersAsync(
        NumberSearch search, CancellationToken cancellationToken = default)
    {
        var json = await _transport.GetAsync(
            $"AvailablePhoneNumbers/{Uri.EscapeDataString(search.Country)}/Local",
            new TwilioFields
            {
                { "SmsEnabled", true }, { "AreaCode", search.AreaCode }, { "Contains", search.Contains },
                { "PageSize", search.Limit },
            },
            cancellationToken);
        return Items(json, "available_phone_numbers", TwilioMapping.ToNumberForSale);
    }

    /// <summary>Buys one number. After an unknown outcome, <see cref="FindNumberAsync"/> says whether it is ours.</summary>
    public async Task<NumberAnswer> BuyNumberAsync(BuyNumber number, CancellationToken cancellationToken = default)
    {
        var answer = await _transport.CreateAsync(
            "IncomingPhoneNumbers",
            new TwilioFields { { "PhoneNumber", number.PhoneNumber }, Addresses(number.SmsUrl, number.VoiceUrl) },
            cancellationToken);
        return answer.IsRefusal
            ? new NumberAnswer(null, TwilioMapping.ToRefusal(answer))
            : new NumberAnswer(Created("a number", answer, TwilioMapping.ToNumber), null);
    }

    /// <summary>The account's own number, or null.</summary>
    public async Task<OwnedNumber?> FindNumberAsync(string phoneNumber, CancellationToken cancellationToken = default)
    {
        var json = await _transport.GetAsync(
            "IncomingPhoneNumbers", new TwilioFields { { "PhoneNumber", phoneNumber } }, cancellationToken);
        // Twilio's filter also finds numbers that contain this one.
        return Items(json, "incoming_phone_numbers", TwilioMapping.ToNumber)
            .FirstOrDefault(number => number.PhoneNumber == phoneNumber);
    }

    /// <summary>Null takes an address away: nothing more is reported there.</summary>
    /// <exception cref="ProviderException">Also for a number that is not the account's.</exception>
    public async Task SetNumberUrlsAsync(
        string sid, Uri? smsUrl, Uri? voiceUrl, CancellationToken cancellationToken = default)
    {
        var answer = await _transport.UpdateAsync(
            $"IncomingPhoneNumbers/{Uri.EscapeDataString(sid)}", Addresses(smsUrl, voiceUrl), cancellationToken);
        if (answer.IsRefusal)
        {
            throw new ProviderException(
                answer.Code, $"Twilio refused new addresses of {sid}: {answer.Code}.", isRetryable: false,
                isOutcomeUnknown: false);
        }
    }

    /// <summary>Gives a number back, for good. One that is not the account's any more counts as given back.</summary>
    public Task ReleaseNumberAsync(string sid, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"IncomingPhoneNumbers/{Uri.EscapeDataString(sid)}", cancellationToken);

    /// <summary>Null: there is no such call in the account.</summary>
    public async Task<CallReport?> FindCallAsync(string sid, CancellationToken cancellationToken = default) =>
        await _transport.GetAsync($"Calls/{Uri.EscapeDataString(sid)}", query: null, cancellationToken) is { } json
            ? TwilioTransport.Read("a call", isOutcomeUnknown: false, () => TwilioMapping.ToCall(json))
            : null;

    public void Dispose() => _transport.Dispose();

    // The status of calls is reported to us; what happens in them is the voice application's.
    private TwilioFields Addresses(Uri? smsUrl, Uri? voiceUrl) => new()
    {
        { "SmsUrl", smsUrl?.AbsoluteUri ?? "" },
        { "VoiceUrl", (voiceUrl is null ? null : _voiceApplication ?? voiceUrl)?.AbsoluteUri ?? "" },
        { "StatusCallback", voiceUrl?.AbsoluteUri ?? "" },
    };

    private static T Created<T>(string what, TwilioAnswer answer, Func<JsonElement, T> map) =>
        TwilioTransport.Read(what, isOutcomeUnknown: true, () => map(answer.Body!.Value));

    private static List<T> Items<T>(JsonElement? json, string name, Func<JsonElement, T> map) =>
        TwilioTransport.Read(name, isOutcomeUnknown: false, () => json?.Items(name).Select(map).ToList() ?? []);

    // Only the query of the next page's address is taken: it begins with a token that cannot be made up.
    private static TwilioFields? NextPage(JsonElement? json) =>
        json?.Text("next_page_uri") is { } address && address.IndexOf('?', StringComparison.Ordinal) is var start and > 0
            ? TwilioFields.FromQuery(address[(start + 1)..])
            : null;
}
