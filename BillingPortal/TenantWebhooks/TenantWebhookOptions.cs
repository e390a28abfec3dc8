using System.ComponentModel.DataAnnotations;

namespace BillingPortal.TenantWebhooks;

/// <summary>Settings of outgoing webhooks, section <c>TenantWebhooks</c>.</summary>
public sealed class TenantWebhookOptions
{
    public const string Section = "TenantWebhooks";

    /// <summary>
    /// Networks like <c>10.1.0.0/16</c> or <c>127.0.0.1/32</c> that may be called although they are private. Empty: none.
    /// </summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>Null: in Development and with the sandbox's keys only.</summary>
    public bool? AllowHttp { get; set; }

    /// <summary>What Standard Webhooks recommends: 15 to 30 s.</summary>
    [Range(1, 30)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>After so many days of nothing but failure an endpoint is disabled.</summary>
    [Range(1, 90)]
    public int DisableAfterDays { get; set; } = 5;

    /// <summary>How long deliveries can be looked at and replayed.</summary>
    [Range(1, 365)]
    public int KeepDays { get; set; } = 30;

    [Range(1, 100)]
    public int EndpointsMax { get; set; } = 10;

    /// <summary>Sends under way at once, per process: to endpoints that answer, and as many again to those that do not.</summary>
    [Range(1, 1000)]
    public int SendsMax { get; set; } = 64;

    /// <summary>Of them, to one endpoint.</summary>
    [Range(1, 20)]
    public int SendsPerEndpointMax { get; set; } = 2;
}
