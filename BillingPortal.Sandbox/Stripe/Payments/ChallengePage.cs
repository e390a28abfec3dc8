using BillingPortal.Sandbox.Control;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary>The bank's 3-D Secure page of a confirmation with a return address: two buttons, then back.</summary>
internal static class ChallengePage
{
    private const string Content = $"""
        <section class="card center" id="challenge" data-key="{SandboxOptions.StripePublishableKey}">
          <h1>3-D Secure: your bank asks</h1>
          <p>A real bank would ask for a code here. In the sandbox you decide.</p>
          <p class="buttons">
            <button class="button" id="challenge-complete">Complete</button>
            <button class="button quiet" id="challenge-fail">Fail</button>
          </p>
          <p id="problem" class="problem" role="alert" hidden></p>
        </section>
        """;

    public static void MapChallengePage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/challenge", () => Assets.Page("challenge.html", "3-D Secure", Content));
}
