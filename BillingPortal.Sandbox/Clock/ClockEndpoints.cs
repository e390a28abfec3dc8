using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Sandbox.Clock;

/// <summary>The clock over HTTP: read it, follow it by long poll, move it.</summary>
internal static class ClockEndpoints
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(25);

    public static IEndpointRouteBuilder MapClock(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/clock", ReadAsync);
        routes.MapPost("/clock", MoveAsync);
        return routes;
    }

    /// <summary>
    /// At once without <c>after</c> or when it differs from the version; else when the clock moves, 25 s at most.
    /// </summary>
    private static async Task<Ok<ClockAnswer>> ReadAsync(
        long? after, string? client, SandboxTime time, ClockSubscribers subscribers,
        IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        if (after is not { } held)
        {
            if (client is not null)
            {
                subscribers.Met(client);
            }

            return TypedResults.Ok(Answer(time));
        }

        // Take the signal before the look at the version: a move in between is then never missed.
        var changed = subscribers.Changed;
        if (client is not null)
        {
            subscribers.Arrived(client, held);
        }

        try
        {
            if (held == time.State.Version)
            {
                using var end = CancellationTokenSource.CreateLinkedTokenSource(
                    cancellationToken, lifetime.ApplicationStopping);
                await Task.WhenAny(changed, Task.Delay(LongPoll, end.Token));
            }
        }
        finally
        {
            if (client is not null)
            {
                subscribers.Left(client, hungUp: cancellationToken.IsCancellationRequested);
            }
        }

        return TypedResults.Ok(Answer(time));
    }

    private static async Task<Results<Ok<ClockAnswer>, BadRequest<string>>> MoveAsync(
        ClockMove move, SandboxTime time, ClockSubscribers subscribers, CancellationToken cancellationToken)
    {
        ClockState state;
        if (move.Reset == true)
        {
            state = time.Reset();
        }
        else if (move.Now is { } now)
        {
            state = time.MoveTo(now);
        }
        else if (move.AdvanceSeconds is { } seconds)
        {
            state = time.Advance(TimeSpan.FromSeconds(seconds));
        }
        else
        {
            return TypedResults.BadRequest("Send {\"now\": iso time}, {\"advanceSeconds\": n} or {\"reset\": true}.");
        }

        await subscribers.AnnounceAsync(state.Version, cancellationToken);
        return TypedResults.Ok(Answer(time));
    }

    private static ClockAnswer Answer(SandboxTime time)
    {
        var state = time.State;
        return new ClockAnswer(time.GetUtcNow(), state.OffsetMilliseconds / 1000m, state.Version);
    }
}

/// <summary>The clock as told to others.</summary>
internal sealed record ClockAnswer(DateTimeOffset Now, decimal OffsetSeconds, long Version);

/// <summary>A wish to move the clock; exactly one of the three.</summary>
internal sealed record ClockMove(DateTimeOffset? Now, double? AdvanceSeconds, bool? Reset);
