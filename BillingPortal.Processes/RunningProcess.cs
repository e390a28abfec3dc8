using System.Diagnostics;
using System.Text;

namespace BillingPortal.Processes;

/// <summary>A program under way: what it prints is kept or written to a file, signals reach it, and its end can be awaited.</summary>
public sealed class RunningProcess : IAsyncDisposable
{
    private const int KeptMax = 2_000_000;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StreamWriter? _file;
    private bool _isDisposed;

    private RunningProcess(Process process, string? outputFile)
    {
        _process = process;
        _file = outputFile is null ? null : new StreamWriter(outputFile, append: true) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Of a program that has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last part of what it printed, both streams; empty when it goes to a file.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="start">What to start; its output is redirected.</param>
    /// <param name="outputFile">Takes the output instead of memory; appended to.</param>
    public static RunningProcess Start(ProcessStartInfo start, string? outputFile = null)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new RunningProcess(Process.Start(start)!, outputFile);
    }

    /// <summary>SIGTERM, and the wait for the exit; what is not gone in time is an error.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(TimeSpan? patience = null)
    {
        Signal(Signals.Terminate);
        return await WaitForExitAsync(patience ?? TimeSpan.FromSeconds(60));
    }

    /// <summary>SIGKILL to it and what it started: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it keeps its connections and its locks and does nothing.</summary>
    public void Pause() => SignalFamily(Signals.Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => SignalFamily(Signals.Continue);

    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Process {Id} did not end within {patience}:{Environment.NewLine}{Output}");
        }
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await KillAsync();
        _process.Dispose();
        lock (_output)
        {
            _file?.Dispose();
        }
    }

    internal void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            Signals.Send(Id, signal);
        }
    }

    private void SignalFamily(int signal)
    {
        foreach (var process in _process.HasExited ? [] : Signals.Family(Id))
        {
            Signals.Send(process, signal);
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (line is null)
            {
                return;
            }

            if (_file is not null)
            {
                _file.WriteLine(line);
                return;
            }

            _output.AppendLine(line);
            if (_output.Length > KeptMax)
            {
                _output.Remove(0, KeptMax / 2);
            }
        }
    }
}
