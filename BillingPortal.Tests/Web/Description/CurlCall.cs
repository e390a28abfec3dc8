using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using BillingPortal.Kernel;

namespace BillingPortal.Tests.Web.Description;

/// <summary>A curl command of the documentation, read as a shell reads it, and sent.</summary>
internal sealed partial class CurlCall
{
    private readonly List<(string Name, string Value)> _headers = [];
    private string? _method;
    private string? _body;

    private CurlCall(string text)
    {
        var words = new Queue<string>(Words(text));
        Assert.Equal("curl", words.Dequeue());
        while (words.TryDequeue(out var word))
        {
            switch (word)
            {
                case "-X":
                    _method = words.Dequeue();
                    break;
                case "-H":
                    var header = words.Dequeue().Split(": ", 2);
                    _headers.Add((header[0], header[1]));
                    break;
                case "-d":
                    _body = words.Dequeue();
                    break;
                case "-o":
                    words.Dequeue();
                    break;
                case "-i" or "-s":
                    break;
                default:
                    Address = new Uri(word);
                    break;
            }
        }
    }

    public Uri Address { get; } = null!;

    public string Method => _method ?? (_body is null ? "GET" : "POST");

    /// <summary>Variables are filled in first, in single quotes too where they stand alone as curl's own text never has them.</summary>
    public static CurlCall Parse(string text, IReadOnlyDictionary<string, string> variables) => new(
        Variable().Replace(text.Replace("$(uuidgen)", Ids.New().ToString(), StringComparison.Ordinal),
            match => variables.TryGetValue(match.Groups[1].Value, out var value) ? value
                : throw new KeyNotFoundException($"The documentation uses ${match.Groups[1].Value}, which nobody fills in.")));

    /// <summary>The names after dollar signs.</summary>
    public static IEnumerable<string> VariablesOf(string text) => Variable().Matches(text).Select(match => match.Groups[1].Value);

    public async Task<HttpResponseMessage> SendAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), Address);
        if (_body is not null)
        {
            request.Content = new StringContent(_body, Encoding.UTF8);
            request.Content.Headers.ContentType = null;
        }

        foreach (var (name, value) in _headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
            }
        }

        return await http.SendAsync(request);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Method} {Address.PathAndQuery} {_body}");

    // Quotes, escapes within double quotes, and lines continued by a backslash.
    private static List<string> Words(string text)
    {
        var (words, word, quote) = (new List<string>(), new StringBuilder(), '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quote == '\0' && letter == '\\' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                i++;
            }
            else if (quote == '"' && letter == '\\')
            {
                word.Append(text[++i]);
            }
            else if (letter == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && letter is '\'' or '"' && quote == '\0')
            {
                quote = letter;
            }
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                Close();
            }
            else
            {
                word.Append(letter);
            }
        }

        Close();
        return words;

        void Close()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    [GeneratedRegex(@"\$([A-Z_]+)")]
    private static partial Regex Variable();
}
