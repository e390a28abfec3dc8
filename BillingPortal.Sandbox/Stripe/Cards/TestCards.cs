using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary>The test cards of docs.stripe.com/testing that the portal has a use for.</summary>
internal static class TestCards
{
    public static IReadOnlyList<TestCard> All { get; } =
    [
        new("pm_card_visa", "4242424242424242", "visa", "Succeeds."),
        new("pm_card_mastercard", "5555555555554444", "mastercard", "Succeeds."),
        new("pm_card_amex", "378282246310005", "amex", "Succeeds; its security code has four digits."),
        Asking("pm_card_threeDSecure2Required", "4000000000003220", Challenge.UnlessSetUp,
            "3-D Secure must be completed for the payment to succeed."),
        Asking("pm_card_authenticationRequiredOnSetup", "4000002500003155", Challenge.UnlessSetUp,
            "Asks for authentication; once set up, charges without the customer pass."),
        Asking("pm_card_authenticationRequired", "4000002760003184", Challenge.Always,
            "Asks for authentication every time, set up or not."),
        Asking("pm_card_authenticationRequiredSetupForOffSession", "4000003800000446", Challenge.OnSessionOnly,
            "Counts as set up: charges without the customer pass, with them it asks."),
        Asking("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "4000008260003178",
            Challenge.UnlessSetUp, "Asks for authentication, then declines: insufficient funds.") with
        { Declines = Decline.Of("insufficient_funds") },
        new("pm_card_chargeCustomerFail", "4000000000000341", "visa", "Can be saved; every charge is declined.")
        { Declines = Decline.Generic },
        Refused("pm_card_visa_chargeDeclined", "4000000000000002", "generic_decline"),
        Refused("pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995", "insufficient_funds"),
        Refused("pm_card_visa_chargeDeclinedLostCard", "4000000000009987", "lost_card"),
        Refused("pm_card_visa_chargeDeclinedStolenCard", "4000000000009979", "stolen_card"),
        Refused("pm_card_visa_chargeDeclinedVelocityLimitExceeded", "4000000000006975", "card_velocity_exceeded"),
        Refused("pm_card_chargeDeclinedExpiredCard", "4000000000000069", "expired_card"),
        Refused("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", "incorrect_cvc"),
        Refused("pm_card_chargeDeclinedProcessingError", "4000000000000119", "processing_error"),
        After("pm_card_createDispute", "4000000000000259", Aftermath.DisputeFraudulent,
            "Succeeds, then is disputed as fraudulent."),
        After("pm_card_createDisputeProductNotReceived", "4000000000002685", Aftermath.DisputeNotReceived,
            "Succeeds, then is disputed: product not received."),
        After("pm_card_createDisputeInquiry", "4000000000001976", Aftermath.Inquiry,
            "Succeeds, then the bank inquires."),
        After("pm_card_createIssuerFraudRecord", "4000000000005423", Aftermath.FraudWarning,
            "Succeeds, then an early fraud warning comes."),
        After("pm_card_pendingRefund", "4000000000007726", Aftermath.RefundPending,
            "Succeeds; a refund is pending first."),
        After("pm_card_refundFail", "4000000000005126", Aftermath.RefundFails,
            "Succeeds; a refund looks good, then fails."),
        After("pm_card_sandbox_processing", "4000000000000804", Aftermath.StaysProcessing,
            "Stays in processing for 5 seconds, then succeeds.") with
        { IsSandboxOnly = true },
        After("pm_card_sandbox_processingFails", "4000000000000812", Aftermath.ProcessingFails,
            "Stays in processing for 5 seconds, then fails.") with
        { IsSandboxOnly = true },
        new("pm_card_visa_debit", "4000056655665556", "visa", "Succeeds.") { Funding = "debit" },
        new("pm_card_mastercard_debit", "5200828282828210", "mastercard", "Succeeds.") { Funding = "debit" },
        new("pm_card_mastercard_prepaid", "5105105105105100", "mastercard", "Succeeds.") { Funding = "prepaid" },
        new("pm_card_discover", "6011111111111117", "discover", "Succeeds."),
        new("pm_card_diners", "3056930009020004", "diners", "Succeeds."),
        new("pm_card_jcb", "3566002020360505", "jcb", "Succeeds."),
    ];

    /// <summary>US bank accounts, by account number: each payment is decided days later.</summary>
    public static IReadOnlyList<TestCard> BankAccounts { get; } =
    [
        new("pm_usBankAccount_success", "000123456789", BankAccount.Code, "Succeeds after four days."),
        Bank("pm_usBankAccount_insufficientFunds", "000222222227", "insufficient_funds"),
        Bank("pm_usBankAccount_accountClosed", "000111111113", "account_closed"),
        Bank("pm_usBankAccount_noAccount", "000111111116", "no_account"),
        Bank("pm_usBankAccount_debitNotAuthorized", "000333333335", "debit_not_authorized"),
    ];

    public static TestCard? ByName(string name) =>
        All.Concat(BankAccounts).FirstOrDefault(card => card.Name == name);

    public static TestCard? ByNumber(string number) => All.FirstOrDefault(card => card.Number == number);

    private static TestCard Bank(string name, string number, string code) =>
        new(name, number, BankAccount.Code, $"Fails after four days: {code.Replace('_', ' ')}.")
        { Declines = Decline.Of(code) };

    private static TestCard Asking(string name, string number, Challenge asks, string does) =>
        new(name, number, "visa", does) { Asks = asks };

    private static TestCard Refused(string name, string number, string code) =>
        new(name, number, "visa", $"Declined: {code.Replace('_', ' ')}. Cannot be saved.")
        {
            Declines = Decline.Of(code),
            IsAttachable = false,
        };

    private static TestCard After(string name, string number, Aftermath aftermath, string does) =>
        new(name, number, "visa", does) { Aftermath = aftermath };
}
