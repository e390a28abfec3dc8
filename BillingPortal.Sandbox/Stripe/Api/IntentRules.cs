using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>What payment and setup intents have in common: redirects, the next action, the publishable view.</summary>
internal static class IntentRules
{
    public const string AuthenticationFailed =
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.";

    /// <summary>On unless switched off: an intent accepts what the Dashboard enables, redirects included.</summary>
    public static AutomaticPaymentMethods? Automatic(Form form)
    {
        var asked = form.Sub("automatic_payment_methods");
        if (asked?.Filled("enabled") is not null && !asked.Flag("enabled"))
        {
            return null;
        }

        var redirects = asked?.Filled("allow_redirects") ?? "always";
        return redirects is "always" or "never"
            ? new AutomaticPaymentMethods { AllowRedirects = redirects }
            : throw StripeError.Invalid(
                $"Invalid automatic_payment_methods[allow_redirects]: must be one of always or never",
                "automatic_payment_methods[allow_redirects]");
    }

    /// <summary>Confirming where a redirect might be needed wants an address to come back to.</summary>
    public static void CheckReturnUrl(StripeCall call, AutomaticPaymentMethods? automatic, string what)
    {
        // In the browser Stripe.js sees to it: a card needs no redirect there.
        var needsAddress = automatic is { AllowRedirects: "always" } && !call.IsPublishable;
        if (needsAddress && call.Form.Filled("return_url") is null)
        {
            throw StripeError.Invalid(
                $"This {what} is configured to accept payment methods enabled in your Dashboard. Because some of these "
                + "payment methods might redirect your customer off of your page, you must provide a `return_url`. If "
                + "you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` "
                + "to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents "
                + "and Payment Intents.", "return_url");
        }
    }

    /// <summary>
    /// The 3-D Secure challenge: on the bank's page with a return address, else by Stripe.js in place.
    /// </summary>
    public static JsonObject NextAction(StripeCall call, string clientSecret)
    {
        var url = $"{call.BaseUrl}/challenge?client_secret={clientSecret}";
        if (call.Form.Filled("return_url") is { } back && !call.Form.Flag("use_stripe_sdk"))
        {
            return new JsonObject
            {
                ["type"] = "redirect_to_url",
                ["redirect_to_url"] = new JsonObject
                {
                    ["return_url"] = back,
                    ["url"] = $"{url}&return_url={Uri.EscapeDataString(back)}",
                },
            };
        }

        return new JsonObject
        {
            ["type"] = "use_stripe_sdk",
            ["use_stripe_sdk"] = new JsonObject { ["type"] = "three_d_secure_redirect", ["stripe_js"] = url },
        };
    }

    /// <summary>A browser sees neither customer nor metadata nor charges.</summary>
    public static JsonObject View(StripeCall call, JsonObject intent)
    {
        if (call.IsPublishable)
        {
            foreach (var secret in new[] { "customer", "metadata", "latest_charge", "statement_descriptor" })
            {
                intent.Remove(secret);
            }
        }

        return intent;
    }
}
