using System.Text.Json;
using BillingPortal.Data;
using BillingPortal.Documents.Billing;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Documents.Statements;

/// <summary>
/// One month of one account. Stored when the month is over, never changed; of the running month it is made anew each
/// time. Holds at every commit: opening + lines = closing, and the opening is the month before's closing.
/// </summary>
public sealed class Statement
{
    public Guid TenantId { get; init; }

    public Unit Unit { get; init; }

    /// <summary>The first day of the month.</summary>
    public DateOnly Month { get; init; }

    /// <summary>The entries it is made of: those after this number …</summary>
    public long AfterSeq { get; init; }

    /// <summary>… up to and with this one.</summary>
    public long ThroughSeq { get; init; }

    public long OpeningE4 { get; init; }

    /// <summary>What the lines add up to.</summary>
    public long ChangeE4 { get; init; }

    public long ClosingE4 { get; init; }

    public long DebtOpeningE4 { get; init; }

    public long DebtIncurredE4 { get; init; }

    public long DebtRepaidE4 { get; init; }

    public required IReadOnlyList<StatementLine> Lines { get; init; }

    /// <summary>What was used in the month and is debited by a later settlement: told, and not part of any sum.</summary>
    public IReadOnlyList<StatementLine> Reserved { get; init; } = [];

    public required Party Seller { get; init; }

    public required Party Customer { get; init; }

    public string? PurchaseOrder { get; init; }

    /// <summary>When it was made; of the running month, up to when it tells.</summary>
    public DateTimeOffset MadeAt { get; init; }

    public StatementMonth Period => StatementMonth.Of(Month);

    /// <summary>False for the running month: "so far".</summary>
    public bool IsFinal => Period.IsClosed(MadeAt);

    public bool HasEntries => ThroughSeq > AfterSeq;

    /// <summary>Of the closing balance, as a positive amount.</summary>
    public Amount ReservedSum => Of(-Reserved.Sum(line => line.AmountE4));

    public Amount Opening => Of(OpeningE4);

    public Amount Closing => Of(ClosingE4);

    public Amount DebtClosing => Of(DebtOpeningE4 + DebtIncurredE4 - DebtRepaidE4);

    public bool HasDebt => DebtOpeningE4 != 0 || DebtIncurredE4 != 0;

    public Amount SumOf(params ReadOnlySpan<StatementSection> sections)
    {
        var sum = 0L;
        foreach (var line in Lines)
        {
            sum += sections.Contains(line.Section) ? line.AmountE4 : 0;
        }

        return Of(sum);
    }

    /// <summary>Payments and bonuses.</summary>
    public Amount TopUps => SumOf(StatementSection.TopUps);

    /// <summary>What services and phone numbers took, as a negative amount.</summary>
    public Amount Used => SumOf(
        StatementSection.Usage, StatementSection.Captures, StatementSection.Numbers, StatementSection.Settlement);

    public Amount Other => Of(ChangeE4) - TopUps - Used;

    internal Amount Of(long e4) => new(e4, Unit);
}

/// <summary>A tenant's month is done: its statements are stored and, if anything was booked, announced.</summary>
public sealed class StatementRun
{
    public Guid TenantId { get; init; }

    public DateOnly Month { get; init; }

    public DateTimeOffset DoneAt { get; init; }

    public bool IsMailed { get; init; }
}

/// <summary>Table <c>statements</c>.</summary>
internal sealed class StatementMap : IEntityTypeConfiguration<Statement>
{
    public void Configure(EntityTypeBuilder<Statement> statement)
    {
        statement.ToTable("statements", table =>
        {
            table.HasCheckConstraint(
                "ck_statements_ties", "opening_e4 + change_e4 = closing_e4 AND opening_e4 >= 0 AND closing_e4 >= 0");
            table.HasCheckConstraint("ck_statements_entries", "after_seq >= 0 AND through_seq >= after_seq");
            table.HasCheckConstraint(
                "ck_statements_debt",
                "debt_opening_e4 >= 0 AND debt_incurred_e4 >= 0 AND debt_repaid_e4 >= 0 "
                + "AND debt_opening_e4 + debt_incurred_e4 >= debt_repaid_e4");
            table.HasCheckConstraint("ck_statements_month", "extract(day FROM month) = 1");
        });
        statement.HasKey(row => new { row.TenantId, row.Unit, row.Month });
        statement.HasCode(row => row.Unit);
        statement.HasParty(row => row.Seller);
        statement.HasParty(row => row.Customer);
        Lines(statement.Property(row => row.Lines));
        Lines(statement.Property(row => row.Reserved)).HasDefaultValueSql("'[]'::jsonb");
        foreach (var computed in new[]
        {
            nameof(Statement.Period), nameof(Statement.IsFinal), nameof(Statement.HasEntries),
            nameof(Statement.ReservedSum), nameof(Statement.Opening), nameof(Statement.Closing), nameof(Statement.DebtClosing),
            nameof(Statement.HasDebt), nameof(Statement.TopUps), nameof(Statement.Used), nameof(Statement.Other),
        })
        {
            statement.Ignore(computed);
        }
    }

    private static PropertyBuilder<IReadOnlyList<StatementLine>> Lines(
        PropertyBuilder<IReadOnlyList<StatementLine>> lines) => lines.HasColumnType("jsonb").HasConversion(
            all => JsonSerializer.Serialize(all, JsonSerializerOptions.Web),
            json => JsonSerializer.Deserialize<List<StatementLine>>(json, JsonSerializerOptions.Web)!,
            // Never changed once it is written.
            new ValueComparer<IReadOnlyList<StatementLine>>(
                (left, right) => ReferenceEquals(left, right), all => all.Count, all => all));
}

/// <summary>Table <c>statement_runs</c>: its key is what "once per tenant and month" rests on.</summary>
internal sealed class StatementRunMap : IEntityTypeConfiguration<StatementRun>
{
    public void Configure(EntityTypeBuilder<StatementRun> run)
    {
        run.ToTable("statement_runs");
        run.HasKey(row => new { row.TenantId, row.Month });
    }
}
