using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Twilio.Api;
using BillingPortal.Sandbox.Twilio.Messages;
using BillingPortal.Sandbox.Twilio.Numbers;
using BillingPortal.Sandbox.Twilio.Voice;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Sandbox.Twilio.Phone;

/// <summary><c>/control/phone</c>: the handset, its calls, and how Twilio behaves.</summary>
internal static class PhoneControl
{
    public static void MapPhone(this IEndpointRouteBuilder control)
    {
        control.MapGet("/phone", PhoneView.Read);
        control.MapPost("/phone/messages", Write);
        control.MapPost("/phone/calls", Call);
        control.MapPost("/phone/calls/{sid}/hangup", HangUp);
        control.MapPost("/phone/settings", Change);
        control.MapPost("/phone/fates", Decide);
    }

    /// <summary>Writes from the handset to an owned number.</summary>
    private static Results<Ok<PhoneMessage>, BadRequest<string>> Write(
        WriteRequest request, World world, Handset handset)
    {
        var from = E164.Normalize(request.From);
        if (from is null)
        {
            return TypedResults.BadRequest($"{request.From} is not a phone number. Write it as +14155550100.");
        }

        var written = world.Run(change => Owned(change, request.To) is { } number
            ? handset.Write(change, number, from, request.Body, request.Media ?? [])
            : null);
        return written is null
            ? TypedResults.BadRequest($"The account does not own {request.To}.")
            : TypedResults.Ok(PhoneMessage.Of(written));
    }

    /// <summary>Calls from or to an owned number.</summary>
    private static Results<Ok<PhoneCallView>, BadRequest<string>> Call(
        CallRequest request, World world, PhoneCalls calls)
    {
        var (from, to) = (E164.Normalize(request.From), E164.Normalize(request.To));
        if (from is null || to is null || request.DurationSeconds < 0)
        {
            return TypedResults.BadRequest("A call needs two phone numbers, as +14155550100, and a length of 0 or more.");
        }

        if (request.CallSid is not null && !TwilioIds.Is("CA", request.CallSid))
        {
            return TypedResults.BadRequest("A CallSid is CA and 32 hexadecimal digits in lower case.");
        }

        if (request.Outcome != CallStatus.Completed && !CallStatus.Unanswered.Contains(request.Outcome))
        {
            return TypedResults.BadRequest(
                $"The outcome must be completed, {string.Join(", ", CallStatus.Unanswered)}.");
        }

        return world.Run<Results<Ok<PhoneCallView>, BadRequest<string>>>(change =>
        {
            var inbound = Owned(change, to);
            if ((inbound ?? Owned(change, from)) is not { } number)
            {
                return TypedResults.BadRequest($"The account owns neither {from} nor {to}.");
            }

            if (change.Find<PhoneCall>(request.CallSid) is not null)
            {
                return TypedResults.BadRequest($"There is a call {request.CallSid} already.");
            }

            var call = new PhoneCall
            {
                Id = request.CallSid ?? TwilioIds.New("CA"),
                From = from,
                To = to,
                Direction = inbound is null ? "outbound-api" : "inbound",
                NumberSid = number.Id,
                Status = CallStatus.Initiated,
                CreatedAt = default,
                PlannedSeconds = request.DurationSeconds,
                StatusCallback = request.StatusCallback ?? number.StatusCallback,
            };
            return TypedResults.Ok(PhoneCallView.Of(
                calls.Place(change, call, request.Outcome, number.VoiceUrl, request.GoesOn)));
        });
    }

    private static Results<Ok<PhoneCallView>, NotFound> HangUp(string sid, World world, PhoneCalls calls) =>
        world.Run(change => change.Find<PhoneCall>(sid) is { } call ? calls.HangUp(change, call) : null) is { } ended
            ? TypedResults.Ok(PhoneCallView.Of(ended))
            : TypedResults.NotFound();

    private static Ok<PhoneSettings> Change(PhoneSettingsChange change, TwilioSettings settings)
    {
        settings.SentSeconds = change.SentSeconds ?? settings.SentSeconds;
        settings.FinalSeconds = Math.Max(settings.SentSeconds, change.FinalSeconds ?? settings.FinalSeconds);
        settings.AdvancedOptOut = change.AdvancedOptOut ?? settings.AdvancedOptOut;
        settings.EarlyCallbacks = change.EarlyCallbacks ?? settings.EarlyCallbacks;
        settings.SendingCallbacks = change.SendingCallbacks ?? settings.SendingCallbacks;
        return TypedResults.Ok(PhoneSettings.Of(settings));
    }

    private static Results<Ok<FateRule>, BadRequest<string>> Decide(FateRule rule, TwilioSettings settings)
    {
        if (rule.Status is not (SmsStatus.Delivered or SmsStatus.Undelivered or SmsStatus.Failed or SmsStatus.Sent))
        {
            return TypedResults.BadRequest("The status must be delivered, undelivered, failed or sent.");
        }

        var decided = rule with { To = rule.To is null ? null : E164.Normalize(rule.To) ?? rule.To };
        settings.Add(decided);
        return TypedResults.Ok(decided);
    }

    private static OwnedNumber? Owned(Change change, string text) =>
        E164.Normalize(text) is { } number ? OwnedNumber.Find(change, number) : null;
}

/// <summary>A message from the handset.</summary>
internal sealed record WriteRequest(string From, string To, string Body, IReadOnlyList<string>? Media);

/// <summary>
/// A call. Its SID can be chosen; its status goes to <see cref="StatusCallback"/>, else where the number says.
/// </summary>
internal sealed record CallRequest
{
    public required string From { get; init; }

    public required string To { get; init; }

    public int DurationSeconds { get; init; } = 60;

    public string Outcome { get; init; } = CallStatus.Completed;

    public string? CallSid { get; init; }

    public string? StatusCallback { get; init; }

    /// <summary>It lasts on the sandbox's clock, until its length is reached or somebody hangs up.</summary>
    public bool GoesOn { get; init; }
}

/// <summary>Switches to change; null leaves one as it is.</summary>
internal sealed record PhoneSettingsChange(
    double? SentSeconds, double? FinalSeconds, bool? AdvancedOptOut, bool? EarlyCallbacks, bool? SendingCallbacks);
