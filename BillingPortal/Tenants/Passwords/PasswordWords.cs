using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// Refuses passwords that are long and yet easy to guess: the person's own name or address, the product's name, common ones, one sign or
/// a row of the keyboard again and again.
/// </summary>
internal sealed class PasswordWords : IPasswordValidator<User>
{
    private const int WordMin = 4;
    private const int DifferentMin = 5;
    private const int RestMin = 6;

    // What an attacker of this portal tries first; the person's own words come on top.
    private static readonly string[] Context = ["billingportal", "billing portal", "billing-portal"];

    // The commonest of twelve signs and more in published lists of broken passwords.
    private static readonly string[] Common =
    [
        "passwordpassword", "password1234", "password12345", "password123456", "password123!", "passw0rd1234", "mypassword123",
        "administrator", "administrator1", "welcome12345", "welcome123456", "letmeinletmein", "iloveyou1234", "iloveyouforever",
        "changemechangeme", "changeme1234", "qwertyqwerty", "qwerty123456", "qwertyuiop123", "trustno1trustno1", "1q2w3e4r5t6y",
        "1qaz2wsx3edc", "zaq12wsxcde3", "abcdefghijkl", "correcthorsebatterystaple", "unbelievable", "jesuschrist", "princess1234",
        "football1234", "baseball1234", "superman1234", "sunshine1234", "monkey123456", "dragon123456", "master123456", "q1w2e3r4t5y6",
    ];

    private static readonly string[] Rows =
        ["01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz", "qwertzuiopasdfghjklyxcvbnm"];

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult(Refusal(user, password ?? "") is { } why
            ? IdentityResult.Failed(new IdentityError { Code = "PasswordTooEasy", Description = why })
            : IdentityResult.Success);

    private static string? Refusal(User user, string password)
    {
        var plain = password.ToLowerInvariant();
        return plain.Distinct().Count() < DifferentMin ? "The password repeats few signs. Take a few words instead."
            : Rows.Any(row => IsRow(plain, row)) || Common.Contains(plain, StringComparer.Ordinal)
                ? "That password is one of those that are tried first. Take a few words that belong to nothing."
            : Context.Concat(WordsOf(user)).Any(word => IsLittleMoreThan(plain, word))
                ? "The password is little more than your name, your address or ours. Take a few words that belong to nothing."
            : null;
    }

    private static bool IsLittleMoreThan(string password, string word) =>
        password.Contains(word, StringComparison.Ordinal) && password.Replace(word, "", StringComparison.Ordinal).Length < RestMin;

    private static bool IsRow(string password, string row)
    {
        var back = new string([.. row.Reverse()]);
        return (row + row).Contains(password, StringComparison.Ordinal) || (back + back).Contains(password, StringComparison.Ordinal);
    }

    private static IEnumerable<string> WordsOf(User user) => new[] { user.Email, user.Email.Split('@')[0] }
        .Concat(user.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Append(user.Name.Replace(" ", "", StringComparison.Ordinal))
        .Select(word => word.ToLowerInvariant()).Where(word => word.Length >= WordMin);
}
