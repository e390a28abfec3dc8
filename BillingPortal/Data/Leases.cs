using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// Short leases that are renewed while their work goes on: what a killed process held is free again within seconds, and what takes long
/// is not taken away from one that still works.
/// </summary>
internal static class Leases
{
    /// <summary>How long a lease outlives its process. With the drains' minute, nothing lies longer than two.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(30);

    /// <summary>Awaits the work and renews its lease three times per length until then.</summary>
    public static async Task KeepAsync(Task work, TimeSpan lease, Func<Task> renew)
    {
        while (await Task.WhenAny(work, Task.Delay(lease / 3)) != work)
        {
            try
            {
                await renew();
            }
            catch (NpgsqlException)
            {
                // The database is away: the next renewal tries again, and the mark at the end finds out whose it is.
            }
        }

        await work;
    }
}
