using BillingPortal.BalanceImport;
using BillingPortal.Kernel;

namespace BillingPortal.Tests.BalanceImport;

/// <summary>What a file of balances may say, and what is said about one that may not.</summary>
public sealed class BalanceFileTests
{
    [Fact]
    public void A_line_becomes_a_tenant_with_a_balance_and_a_rule()
    {
        var (rows, faults) = Read(
            """
            Tenant,name,email,plan,time_zone,stripe_customer,balance,auto_recharge,threshold,recharge_amount,monthly_limit
            northwind,Northwind Traders,ap@northwind.example,credits,Europe/Berlin,cus_1,1250.5,yes,200,500,300
            """);

        Assert.Empty(faults);
        var row = Assert.Single(rows);
        Assert.Equal(("northwind", "Northwind Traders", "ap@northwind.example"), (row.Slug, row.Name, row.Email));
        Assert.Equal(("Europe/Berlin", "cus_1", Amount.Credits(1250.5m)), (row.TimeZone, row.StripeCustomer, row.Balance));
        Assert.Equal((true, 200m, 500m, 300m),
            (row.Rule!.Enabled!.Value, row.Rule.Threshold!.Value, row.Rule.Amount!.Value, row.Rule.MonthlyLimit!.Value));
    }

    [Fact]
    public void Only_the_short_name_and_the_balance_are_needed()
    {
        var (rows, faults) = Read("tenant,balance\nnorthwind,0");

        Assert.Empty(faults);
        var row = Assert.Single(rows);
        Assert.Equal(("northwind", "UTC", Unit.Credits), (row.Name, row.TimeZone, row.Plan));
        Assert.Null(row.Rule);
    }

    [Theory]
    [InlineData("tenant,balance\nNorth Wind,1", "short name")]
    [InlineData("tenant,balance\n,1", "short name")]
    [InlineData("tenant,balance\nnorthwind,", "balance is missing")]
    [InlineData("tenant,balance\nnorthwind,-1", "0 or more")]
    [InlineData("tenant,balance\nnorthwind,1.00001", "four places")]
    [InlineData("tenant,balance\nnorthwind,\"1,250\"", "four places")]
    [InlineData("tenant,balance\nnorthwind,1e3", "four places")]
    [InlineData("tenant,balance\nnorthwind,NaN", "four places")]
    [InlineData("tenant,balance,plan\nnorthwind,1,euros", "credits or usd")]
    [InlineData("tenant,balance,email\nnorthwind,1,nobody", "no address")]
    [InlineData("tenant,balance,stripe_customer\nnorthwind,1,pm_1", "cus_")]
    [InlineData("tenant,balance,time_zone\nnorthwind,1,Mars/Olympus", "time zone")]
    [InlineData("tenant,balance,auto_recharge\nnorthwind,1,maybe", "yes or no")]
    [InlineData("tenant,balance\nnorthwind,1\nnorthwind,2", "stands in line 2 already")]
    [InlineData("tenant,balance,stripe_customer\na,1,cus_1\nb,2,cus_1", "stands in line 2 already")]
    [InlineData("tenant,balanse\nnorthwind,1", "'balance' is missing")]
    [InlineData("tenant,balance,balance\nnorthwind,1,2", "twice")]
    [InlineData("", "empty")]
    public void What_is_wrong_is_said_with_its_line(string file, string said)
    {
        var (_, faults) = Read(file);

        Assert.Contains(faults, fault => fault.Text.Contains(said, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.True(fault.Line >= 1));
    }

    [Fact]
    public void All_faults_of_a_file_are_told_at_once()
    {
        var (_, faults) = Read("tenant,balance,plan\nUPPER,x,euros\nok,1,credits\nok,-1,credits");

        Assert.Equal([2, 2, 2, 4, 4], faults.Select(fault => fault.Line));
    }

    private static (List<ImportedBalance> Rows, List<ImportFault> Faults) Read(string text) =>
        BalanceFile.Read(new StringReader(text));
}
